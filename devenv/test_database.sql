-- Keeps autovacuum away from a test database. Tests live in transactions that are never committed: autovacuum sees
-- grown tables without a single visible row, notes them as empty, and the planner then joins them by nested loops over
-- all rows; one query of a payment takes minutes instead of a millisecond.
DO $$
DECLARE
    found regclass;
BEGIN
    FOR found IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', found);
    END LOOP;
END $$;

CREATE FUNCTION dev_no_autovacuum() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
BEGIN
    FOR made IN SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', made.object_identity);
    END LOOP;
END $$;

DO $$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        CREATE EVENT TRIGGER dev_no_autovacuum ON ddl_command_end
            WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION dev_no_autovacuum();
    END IF;
END $$;
