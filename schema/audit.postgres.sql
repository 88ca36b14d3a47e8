-- The audit log of chaperone in PostgreSQL (14 or later): format 1. Run it once, as a superuser or as a role that may
-- create roles, in a database of its own with the encoding UTF8:
--
--   createdb --encoding=UTF8 --template=template0 chaperone && psql -v ON_ERROR_STOP=1 -f audit.postgres.sql chaperone
--
-- Three roles without a login. Give each login exactly one of them:
--   chaperone_writer   a replica that takes calls, and whoever reads with the key: adds; changes nothing but its own end
--   chaperone_owner    the desk that erases, holds, expires, purges and rotates keys: the only one that can delete
--   chaperone_reader   whoever verifies: reads; sees no key, not even a wrapped one
--
--   create role replica login password '...' in role chaperone_writer;

begin;

do $$
begin
  if current_setting('server_encoding') <> 'UTF8' then
    raise exception 'The database has the encoding %, it must have UTF8', current_setting('server_encoding');
  end if;
  if not exists (select from pg_roles where rolname = 'chaperone_writer') then create role chaperone_writer nologin; end if;
  if not exists (select from pg_roles where rolname = 'chaperone_owner') then create role chaperone_owner nologin; end if;
  if not exists (select from pg_roles where rolname = 'chaperone_reader') then create role chaperone_reader nologin; end if;
end
$$;

create schema chaperone_audit;
set local search_path = chaperone_audit;

-- One row: which format this is, and the name that every wrapped key is bound to.
create table store (
  single boolean primary key default true check (single),
  format text not null,
  id uuid not null default gen_random_uuid()
);
insert into store (format) values ('chaperone-audit/1 postgres/1');

-- The directory of writers. One writer, one chain, one name. `description` is what `log.json` is in a directory.
create table writer (
  origin text primary key,
  description bytea not null,
  vkey text not null,
  first_seen timestamptz not null default now()
);

-- Where each chain ends: moved by compare-and-swap in the statement that adds the records, so no chain can fork.
create table head (
  origin text primary key references writer,
  n bigint not null default 0 check (n >= 0)
);

-- A member of a record as JSON text; null where there is none. Immutable, because the encoding is UTF8 here. PostgreSQL's
-- JSON refuses some escapes that JSON allows (a zero, half a surrogate pair): then the first member of that name counts,
-- and whoever reads compares what was found with what was asked for.
create function member(body bytea, name text) returns text language plpgsql immutable strict parallel safe as $$
declare
  content constant text := convert_from(body, 'UTF8');
begin
  if position('\u' in content) > 0 then
    return substring(content from ',"' || name || '":("(?:[^"\\]|\\.)*")');
  end if;
  return (content::json -> name)::text;
end
$$;

-- The records. `body` is the JSON text, byte by byte as it was hashed; `leaf` is SHA-256(0x00 || body).
-- What a record is found by is computed here from its body: a writer cannot hide a record from a search.
create table event (
  origin text not null,
  n bigint not null check (n >= 0),
  body bytea not null,
  leaf bytea not null check (octet_length(leaf) = 32),
  subject text generated always as (member(body, 's')) stored,
  call text generated always as (member(body, 'c')) stored,
  kind text generated always as (member(body, 'k')) stored,
  primary key (origin, n)
);
create index event_subject on event (subject, origin, n) where subject is not null;
create index event_call on event (call, origin, n) where call is not null;
create index event_kind on event (kind, origin, n)
  where kind ~ '^"(access|anchor|baa|erase|hold|incident|key\.(rotate|destroy)|log|policy|record|retention|seg)\M';

-- Every checkpoint that was ever signed.
create table note (
  origin text not null references writer,
  size bigint not null,
  note text not null,
  primary key (origin, size)
);

-- What a purge leaves: a signed note for each removed segment, and the hashes of its records as C2SP tiles.
create table tombstone (
  origin text not null references writer,
  first bigint not null,
  note text not null,
  primary key (origin, first)
);
create table tile (
  origin text not null references writer,
  level integer not null,
  index bigint not null,
  hashes bytea not null,
  primary key (origin, level, index)
);

-- The callers and their keys, wrapped: shared by all writers, so that a caller has one reference in all chains.
-- The only rows that go. `name` is an HMAC of the number: nobody without the key can tell who it is.
create table caller (
  name text primary key,
  sid text not null unique
);
create table caller_key (
  name text not null references caller on delete cascade,
  month text not null,
  kid text not null,
  kek text not null,
  wrapped text not null,
  primary key (name, month)
);
-- The log's own keys, the holds in force, erasures that were begun.
create table key_file (
  name text primary key,
  content text not null
);

-- The directory of writers as people read it.
create view directory as
  select origin, vkey, first_seen, n as records, (select max(size) from note where note.origin = writer.origin) as signed
  from writer join head using (origin);

-- Not even the owner changes what was written. (A superuser can: that is what checkpoints kept elsewhere are for.)
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'chaperone_audit.% is only ever added to', tg_table_name using errcode = '42501';
end
$$;
create trigger event_is_final before update or truncate on event execute function refuse_change();
create trigger note_is_final before update or delete or truncate on note execute function refuse_change();
create trigger writer_is_final before update or delete or truncate on writer execute function refuse_change();
create trigger tombstone_is_final before update or delete or truncate on tombstone execute function refuse_change();

grant usage on schema chaperone_audit to chaperone_writer, chaperone_owner, chaperone_reader;
grant select on store, writer, head, event, note, tombstone, tile, directory
  to chaperone_writer, chaperone_owner, chaperone_reader;
grant insert on writer, head, event, note to chaperone_writer, chaperone_owner;
grant update (n) on head to chaperone_writer, chaperone_owner;
grant select, insert on caller, caller_key, key_file to chaperone_writer, chaperone_owner;
grant update, delete on caller, caller_key, key_file to chaperone_owner;
grant delete on event to chaperone_owner;
grant insert on tombstone, tile to chaperone_owner;

commit;
