-- Imports ask for a person, organisation or clinician by identifier over all records; nothing a user does may.
create index search_value_identifier on search_value (value, system)
  where param = 'identifier' and resource_type in ('Patient', 'Organization', 'Practitioner', 'Location');
