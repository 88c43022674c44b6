CREATE TYPE "public"."tutor_character" AS ENUM('HONZIK', 'NOVAKOVA');--> statement-breakpoint
CREATE TYPE "public"."conversation_style" AS ENUM('FRIENDLY', 'TUTOR', 'CASUAL');--> statement-breakpoint
CREATE TYPE "public"."corrections_level" AS ENUM('MINIMAL', 'BALANCED', 'DETAILED');--> statement-breakpoint
CREATE TYPE "public"."level" AS ENUM('BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'NATIVE');--> statement-breakpoint
CREATE TYPE "public"."message_role" AS ENUM('USER', 'ASSISTANT');--> statement-breakpoint
CREATE TYPE "public"."voice_speed" AS ENUM('VERY_SLOW', 'SLOW', 'NORMAL', 'NATIVE');--> statement-breakpoint
CREATE TABLE "acts" (
	"user_id" bigint NOT NULL,
	"key" text NOT NULL,
	"input" text NOT NULL,
	"date" date NOT NULL,
	"messages_count" integer NOT NULL,
	"words_said" integer NOT NULL,
	"scored_words" bigint NOT NULL,
	"streak_day" integer NOT NULL,
	"stars_total" integer NOT NULL,
	"stars_available" integer NOT NULL,
	"stars_lifetime" integer NOT NULL,
	"stars_earned" integer NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "acts_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE TABLE "daily_stats" (
	"user_id" bigint NOT NULL,
	"date" date NOT NULL,
	"messages_count" integer NOT NULL,
	"words_said" integer NOT NULL,
	"scored_words" bigint NOT NULL,
	"streak_day" integer NOT NULL,
	CONSTRAINT "daily_stats_user_id_date_pk" PRIMARY KEY("user_id","date"),
	CONSTRAINT "daily_stats_add_up" CHECK ("daily_stats"."scored_words" between 0 and 100 * "daily_stats"."words_said"::bigint)
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"role" "message_role" NOT NULL,
	"text" text NOT NULL,
	"corrected_text" text,
	"correctness_score" integer,
	"mistakes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"words_total" integer NOT NULL,
	"words_correct" integer NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "messages_score" CHECK ("messages"."correctness_score" between 0 and 100)
);
--> statement-breakpoint
CREATE TABLE "stars" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"available" integer DEFAULT 0 NOT NULL,
	"lifetime" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "stars_add_up" CHECK (0 <= "stars"."available" and "stars"."available" <= "stars"."total" and "stars"."total" <= "stars"."lifetime")
);
--> statement-breakpoint
CREATE TABLE "user_settings" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"conversation_style" "conversation_style" NOT NULL,
	"voice_speed" "voice_speed" NOT NULL,
	"corrections_level" "corrections_level" NOT NULL,
	"character" "tutor_character" NOT NULL,
	"timezone" text NOT NULL,
	"notifications_enabled" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"telegram_id" bigint NOT NULL,
	"username" text,
	"first_name" text NOT NULL,
	"native_language" text NOT NULL,
	"level" "level" NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_telegram_id_key" UNIQUE("telegram_id")
);
--> statement-breakpoint
ALTER TABLE "acts" ADD CONSTRAINT "acts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_stats" ADD CONSTRAINT "daily_stats_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stars" ADD CONSTRAINT "stars_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_settings" ADD CONSTRAINT "user_settings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "messages_in_order" ON "messages" USING btree ("user_id","created_at","id");