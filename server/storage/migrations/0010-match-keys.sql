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

-- Step by step rather than as one query: for one Patient that is faster, and no planner can misjudge it.
create function match_keys(patient jsonb) returns setof text language plpgsql immutable rows 20 as $$
declare
  born text := left(patient ->> 'birthDate', 10);
  sounds text[] := '{}';
  item jsonb;
  word text;
  other text;
begin
  for item in
    select jsonb_path_query(patient, 'lax $.name[*].given[*]') union all select jsonb_path_query(patient, 'lax $.name[*].family')
    union all select jsonb_path_query(patient, 'lax $.name[*].text')
  loop
    foreach word in array regexp_split_to_array(coalesce(item #>> '{}', ''), '[^[:alpha:]]+') loop
      continue when length(word) < 2 or cardinality(sounds) >= 12;
      word := left(match_sound(word), 40);
      if word <> '' and not word = any (sounds) then
        sounds := sounds || word;
      end if;
    end loop;
  end loop;
  if born is not null then
    return next 'd:' || born;
  end if;
  foreach word in array sounds loop
    return next 'w:' || word;
    if born is not null then
      return next 'y:' || left(born, 4) || ':' || word;
    end if;
    foreach other in array sounds loop
      if word < other then
        return next 'n:' || word || ':' || other;
      end if;
    end loop;
  end loop;
  for item in select jsonb_path_query(patient, 'lax $.telecom[*] ? (@.system == "phone" || @.system == "sms").value') loop
    word := regexp_replace(coalesce(item #>> '{}', ''), '\D', '', 'g');
    if length(word) >= 7 then
      return next 'p:' || right(word, 10);
    end if;
  end loop;
  for item in select jsonb_path_query(patient, 'lax $.telecom[*] ? (@.system == "email").value') loop
    return next 'e:' || left(lower(trim(coalesce(item #>> '{}', ''))), 200);
  end loop;
  for item in select jsonb_path_query(patient, 'lax $.identifier[*]') loop
    if item ->> 'system' is not null and item ->> 'value' is not null then
      return next 'i:' || left(item ->> 'system', 200) || '|' || left(lower(regexp_replace(item ->> 'value', '[\s-]', '', 'g')), 200);
    end if;
  end loop;
end $$;

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
