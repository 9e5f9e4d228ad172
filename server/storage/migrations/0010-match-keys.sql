-- Who might be the same person as somebody described: a few coarse keys for each Patient, by which candidates are found over all people.
-- A trigger keeps them, so that no way of writing a Patient can forget to. How alike two people are is judged elsewhere.

create table match_key (
  key text not null,
  patient_id text not null,
  primary key (key, patient_id)
);
create index match_key_by_patient on match_key (patient_id);

-- A word of a name without its vowels, doubled letters and the h of aspirates: what is left of it in most spellings.
create function match_sound(word text) returns text language sql immutable as $$
  select regexp_replace(regexp_replace(regexp_replace(
    translate(
      replace(replace(replace(replace(lower(word), 'ph', 'f'), 'x', 'ks'), 'sh', 's'), 'ch', 'k'),
      'áàâäãåéèêëíìîïóòôöõúùûüñçqzwv', 'aaaaaaeeeeiiiiooooouuuunkkjjj'),
    '^[aeiou]', '0'), '[aeiouyh]', '', 'g'), '(.)\1+', '\1', 'g')
$$;

create function match_keys(patient jsonb) returns setof text language sql immutable as $$
  with word as (
    select distinct match_sound(w) as sound
      from jsonb_path_query(patient, 'lax $.name[*].given[*]') g, regexp_split_to_table(g #>> '{}', '[^[:alpha:]]+') w
     where length(w) > 1
    union
    select match_sound(w) from jsonb_path_query(patient, 'lax $.name[*].family') f, regexp_split_to_table(f #>> '{}', '[^[:alpha:]]+') w
     where length(w) > 1
    union
    select match_sound(w) from jsonb_path_query(patient, 'lax $.name[*].text') t, regexp_split_to_table(t #>> '{}', '[^[:alpha:]]+') w
     where length(w) > 1
  ), named as (select sound from word where sound <> '' limit 12)
  select 'd:' || left(patient ->> 'birthDate', 10) where patient ->> 'birthDate' is not null
  union
  select 'y:' || left(patient ->> 'birthDate', 4) || ':' || left(sound, 40) from named where patient ->> 'birthDate' is not null
  union
  select 'n:' || left(a.sound, 40) || ':' || left(b.sound, 40) from named a join named b on a.sound < b.sound
  union
  select 'w:' || left(sound, 40) from named
  union
  select 'p:' || right(digits, 10)
    from jsonb_path_query(patient, 'lax $.telecom[*] ? (@.system == "phone" || @.system == "sms").value') v,
         regexp_replace(v #>> '{}', '\D', '', 'g') digits
   where length(digits) >= 7
  union
  select 'e:' || left(lower(trim(v #>> '{}')), 200) from jsonb_path_query(patient, 'lax $.telecom[*] ? (@.system == "email").value') v
  union
  select 'i:' || left(i ->> 'system', 200) || '|' || left(lower(regexp_replace(i ->> 'value', '[\s-]', '', 'g')), 200)
    from jsonb_path_query(patient, 'lax $.identifier[*]') i
   where i ->> 'system' is not null and i ->> 'value' is not null
$$;

create function keep_match_keys() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from match_key where patient_id = old.resource_id;
  end if;
  if tg_op <> 'DELETE' and not new.deleted then
    insert into match_key (key, patient_id) select key, new.resource_id from match_keys(new.content::jsonb) key
    on conflict do nothing;
  end if;
  return null;
end $$;

create trigger patient_inserted after insert on resource
  for each row when (new.resource_type = 'Patient') execute function keep_match_keys();
create trigger patient_updated after update on resource
  for each row when (new.resource_type = 'Patient') execute function keep_match_keys();
create trigger patient_erased after delete on resource
  for each row when (old.resource_type = 'Patient') execute function keep_match_keys();
