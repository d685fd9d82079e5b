-- Makes Mailferry's schemas and roles in an empty database named "mailferry", as a superuser.
-- Every ${…} is a password of letters and digits; local-stack replaces them with generated ones, elsewhere `envsubst` does.
-- It can be run again: then it only sets the passwords anew.
--
-- Each service has three roles: <service>_owner owns the schema and runs the migrations, <service>_app is what the
-- service logs in as and owns nothing, <service>_fleet is the named role for work across tenants. The application role
-- may become the fleet role (SET ROLE) but does not inherit its rights, so that no query crosses tenants by accident.

REVOKE ALL ON DATABASE mailferry FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

DO $bootstrap$
DECLARE
  service text;
BEGIN
  FOREACH service IN ARRAY ARRAY['inventory', 'planner', 'exporter', 'restore'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = service || '_owner') THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', service || '_owner');
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = service || '_app') THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', service || '_app');
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = service || '_fleet') THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', service || '_fleet');
    END IF;
    EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', service || '_fleet', service || '_app');
    EXECUTE format('GRANT CONNECT ON DATABASE mailferry TO %I, %I', service || '_owner', service || '_app');
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, service || '_owner');
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I', service, service || '_app', service || '_fleet');
    EXECUTE format('ALTER ROLE %I SET search_path = %I', service || '_owner', service);
    EXECUTE format('ALTER ROLE %I SET search_path = %I', service || '_app', service);
  END LOOP;
END
$bootstrap$;

ALTER ROLE inventory_owner PASSWORD '${inventory_owner_password}';
ALTER ROLE inventory_app PASSWORD '${inventory_app_password}';
ALTER ROLE planner_owner PASSWORD '${planner_owner_password}';
ALTER ROLE planner_app PASSWORD '${planner_app_password}';
ALTER ROLE exporter_owner PASSWORD '${exporter_owner_password}';
ALTER ROLE exporter_app PASSWORD '${exporter_app_password}';
ALTER ROLE restore_owner PASSWORD '${restore_owner_password}';
ALTER ROLE restore_app PASSWORD '${restore_app_password}';
