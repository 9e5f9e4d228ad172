-- Definitions in the directory are asked for by their canonical address. A partial index: no other write pays for it.
create index resource_by_canonical on resource (resource_type, (content::jsonb ->> 'url'))
  where patient_id = '' and not deleted and resource_type in ('CodeSystem', 'ValueSet', 'StructureDefinition');
