ALTER TABLE "jobs" ADD COLUMN "speech_key" text;--> statement-breakpoint
-- What may be remembered is named by its job from before it is made, and by the message once it is there.
CREATE OR REPLACE FUNCTION note_forgotten_voices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_ARGV[0] = 'speech' THEN
    INSERT INTO cache_invalidation (tag)
      SELECT DISTINCT 'speech:' || fingerprint FROM old_rows WHERE fingerprint IS NOT NULL;
  ELSE
    INSERT INTO cache_invalidation (tag)
      SELECT 'transcript:' || transcript_key FROM old_rows WHERE transcript_key IS NOT NULL
      UNION
      SELECT 'speech:' || speech_key FROM old_rows WHERE speech_key IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
