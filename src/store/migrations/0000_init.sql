CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash_unique` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`scan_id` text NOT NULL,
	`storage_id` text NOT NULL,
	`path` text NOT NULL,
	`raw_path` blob DEFAULT x'' NOT NULL,
	`size` integer NOT NULL,
	`modified_at` integer NOT NULL,
	`hash` text,
	`created_at` integer NOT NULL,
	`state` text NOT NULL,
	`status` text,
	`result_code` integer NOT NULL,
	`detections` integer DEFAULT 0 NOT NULL,
	`processing_id` text,
	`judged_with` text,
	`workflow_id` text,
	`processed_at` integer DEFAULT 0 NOT NULL,
	`location` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `files_once_in_a_scan` ON `files` (`scan_id`,`path`,`raw_path`);--> statement-breakpoint
CREATE INDEX `files_by_scan` ON `files` (`scan_id`,`id`);--> statement-breakpoint
CREATE INDEX `files_by_path` ON `files` (`path`);--> statement-breakpoint
CREATE INDEX `files_by_size` ON `files` (`scan_id`,`size`,`id`);--> statement-breakpoint
CREATE INDEX `files_by_processed` ON `files` (`scan_id`,`processed_at`,`id`);--> statement-breakpoint
CREATE INDEX `files_of_note` ON `files` (`scan_id`,`id`) WHERE status = 'Blocked' OR detections <> 0 OR state IN ('Failed', 'FailedRemediation', 'Canceled');--> statement-breakpoint
CREATE TABLE `members` (
	`processing_id` text NOT NULL,
	`page` integer NOT NULL,
	`content` blob NOT NULL,
	PRIMARY KEY(`processing_id`, `page`)
);
--> statement-breakpoint
CREATE TABLE `processings` (
	`id` text PRIMARY KEY NOT NULL,
	`file_id` text NOT NULL,
	`reason` text NOT NULL,
	`rescan_id` text,
	`workflow_id` text NOT NULL,
	`workflow_revision` integer NOT NULL,
	`state` text NOT NULL,
	`status` text,
	`result_code` integer NOT NULL,
	`detections` integer NOT NULL,
	`attempts` integer NOT NULL,
	`queued_at` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer NOT NULL,
	`sha256` text,
	`content_key` integer,
	`changes` integer DEFAULT 0 NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `processings_of_file` ON `processings` (`file_id`,`id`);--> statement-breakpoint
CREATE INDEX `processings_by_content` ON `processings` (`content_key`) WHERE content_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX `processings_of_rescan` ON `processings` (`rescan_id`,`changes`,`id`) WHERE rescan_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `quarantine` (
	`id` text PRIMARY KEY NOT NULL,
	`file_id` text NOT NULL,
	`state` text NOT NULL,
	`storage_id` text NOT NULL,
	`storage_name` text NOT NULL,
	`path` text NOT NULL,
	`raw_path` blob DEFAULT x'' NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`result_code` integer NOT NULL,
	`reason` text NOT NULL,
	`attributes` text,
	`key` text,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	`restoring` text
);
--> statement-breakpoint
CREATE INDEX `quarantine_by_state` ON `quarantine` (`state`,`id`);--> statement-breakpoint
CREATE TABLE `realtimes` (
	`scan_id` text PRIMARY KEY NOT NULL,
	`storage_id` text NOT NULL,
	`workflow_id` text,
	`begun` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `realtimes_storage_id_unique` ON `realtimes` (`storage_id`);--> statement-breakpoint
CREATE TABLE `refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`sign_in_id` text NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `refresh_tokens_of_sign_in` ON `refresh_tokens` (`sign_in_id`);--> statement-breakpoint
CREATE TABLE `remediations` (
	`id` text PRIMARY KEY NOT NULL,
	`file_id` text NOT NULL,
	`processing_id` text,
	`run_id` text,
	`action` text NOT NULL,
	`state` text NOT NULL,
	`wanted` text NOT NULL,
	`storage_id` text NOT NULL,
	`path` text NOT NULL,
	`raw_path` blob DEFAULT x'' NOT NULL,
	`sha256` text,
	`to_storage_id` text,
	`to_path` text,
	`to_raw` blob,
	`to_identity` text,
	`error` text,
	`removed` text,
	`created_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `remediations_of_file` ON `remediations` (`file_id`,`id`);--> statement-breakpoint
CREATE INDEX `remediations_of_processing` ON `remediations` (`processing_id`) WHERE processing_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `remediations_of_run` ON `remediations` (`run_id`,`action`,`state`) WHERE run_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `remediations_of_place` ON `remediations` (`storage_id`,`path`);--> statement-breakpoint
CREATE INDEX `remediations_to_place` ON `remediations` (`to_storage_id`,`to_path`) WHERE to_path IS NOT NULL;--> statement-breakpoint
CREATE TABLE `rescans` (
	`id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`scan_id` text,
	`filter` text,
	`workflows` text NOT NULL,
	`passwords` text,
	`force` integer NOT NULL,
	`actor` text NOT NULL,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	`cursor` text,
	`total` integer DEFAULT 0 NOT NULL,
	`pending` integer DEFAULT 0 NOT NULL,
	`skipped` integer DEFAULT 0 NOT NULL,
	`canceled` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rescans_by_state` ON `rescans` (`state`);--> statement-breakpoint
CREATE TABLE `scans` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`storage_id` text NOT NULL,
	`storage_name` text NOT NULL,
	`storage_type` integer DEFAULT 100 NOT NULL,
	`path` text NOT NULL,
	`workflow_id` text NOT NULL,
	`workflow_revision` integer NOT NULL,
	`discovered` integer DEFAULT false NOT NULL,
	`cursor` text,
	`error` text,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	`total` integer DEFAULT 0 NOT NULL,
	`pending` integer DEFAULT 0 NOT NULL,
	`bytes` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `scans_by_state` ON `scans` (`state`);--> statement-breakpoint
CREATE TABLE `storages` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`options` text NOT NULL,
	`secret` text,
	`root` text,
	`workflow_id` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `storages_name_unique` ON `storages` (`name`);--> statement-breakpoint
CREATE TABLE `tallies` (
	`scan_id` text NOT NULL,
	`state` text NOT NULL,
	`status` text NOT NULL,
	`detections` integer NOT NULL,
	`judged_with` text NOT NULL,
	`files` integer NOT NULL,
	PRIMARY KEY(`scan_id`, `state`, `status`, `detections`, `judged_with`)
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`first_password` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_name_unique` ON `users` (`name`);--> statement-breakpoint
CREATE TABLE `watched` (
	`scan_id` text NOT NULL,
	`path` text NOT NULL,
	`raw_path` blob NOT NULL,
	`size` integer NOT NULL,
	`modified_at` integer NOT NULL,
	`hash` text,
	`stamp` text NOT NULL,
	`wanted` integer NOT NULL,
	`taken` integer NOT NULL,
	PRIMARY KEY(`scan_id`, `path`, `raw_path`)
);
--> statement-breakpoint
CREATE INDEX `watched_that_are_wanted` ON `watched` (`scan_id`) WHERE wanted = 1;--> statement-breakpoint
CREATE TABLE `work` (
	`file_id` text PRIMARY KEY NOT NULL,
	`processing_id` text NOT NULL,
	`run_id` text NOT NULL,
	`reason` text NOT NULL,
	`workflow_id` text NOT NULL,
	`workflow_revision` integer NOT NULL,
	`queued_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`not_before` integer DEFAULT 0 NOT NULL,
	`lease` text,
	`last_error` text,
	`alone` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `work_of_run` ON `work` (`run_id`);--> statement-breakpoint
CREATE INDEX `work_that_is_free` ON `work` (`run_id`,`alone`) WHERE lease IS NULL;--> statement-breakpoint
CREATE INDEX `work_that_waits` ON `work` (`not_before`) WHERE not_before > 0;--> statement-breakpoint
CREATE INDEX `work_to_remedy` ON `work` (`not_before`) WHERE lease = 'remedy';--> statement-breakpoint
CREATE TABLE `workflow_revisions` (
	`workflow_id` text NOT NULL,
	`revision` integer NOT NULL,
	`name` text NOT NULL,
	`definition` text NOT NULL,
	`password_count` integer DEFAULT 0 NOT NULL,
	`passwords` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workflow_id`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `workflows` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`revision` integer NOT NULL,
	`is_default` integer NOT NULL,
	`created_at` integer NOT NULL,
	`removed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `workflows_by_name` ON `workflows` (`name`) WHERE removed_at IS NULL;