-- What only PostgreSQL can do: the JSON objects as jsonb with an index, and a search over titles and tags that a trigger keeps.
ALTER TABLE tracks ALTER COLUMN track TYPE jsonb USING track::jsonb;
CREATE INDEX tracks_as_json ON tracks USING gin (track jsonb_path_ops);
ALTER TABLE tracks ADD COLUMN search tsvector;
CREATE FUNCTION tracks_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := setweight(to_tsvector('simple', NEW.track ->> 'title'), 'A') || setweight(to_tsvector('simple', coalesce(NEW.track ->> 'tags', '')), 'B');
  RETURN NEW;
END $$;
CREATE TRIGGER tracks_search BEFORE INSERT OR UPDATE ON tracks FOR EACH ROW EXECUTE FUNCTION tracks_search();
UPDATE tracks SET track = track;
CREATE INDEX tracks_searched ON tracks USING gin (search);
ANALYZE tracks;
