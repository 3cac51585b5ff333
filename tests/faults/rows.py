"""The table of faults (what can go wrong), with the tests which show that recto survives each fault.

Each row names one fault. `make faults` runs the tests of all rows and prints for each row whether all of them passed. A
path stands for all tests in a file, and a path with "::" for one test in the file, with all its parameters.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A fault: its number, what goes wrong, and the tests that cover it."""

    number: int
    fault: str
    tests: tuple[str, ...]


_LIBRARY = "tests/store/library/test_library.py::test_"
_FILES = "tests/store/library/test_open_files.py::test_"
_FOLDERS = "tests/store/importing/test_folders.py::test_"
_LEAVING = "tests/scenarios/test_leaving.py::test_"
_EXPORTS = "tests/store/exporting/test_formats.py::test_"
_TARGET = "tests/store/exporting/test_target_file.py::test_"
_HOSTILE = "tests/tui/render/test_hostile.py::test_"
_ROUNDS = "tests/store/sync/test_rounds.py::test_"
_DISKS = "tests/store/doctor/test_examination.py::test_"

# The lines may be longer than 120 characters, because the names of the tests are long.
# ruff: noqa: E501
ROWS = (
    Row(1, "the program is killed right after a mark", (
        "tests/faults/test_kill.py::test_marks_reported_as_saved_are_there_after_a_kill",
        "tests/faults/test_kill.py::test_what_was_said_to_be_marked_is_there_after_a_kill_at_each_write",
        "tests/scenarios/test_main_job.py",
    )),
    Row(2, "the program is killed during an import", (
        "tests/faults/test_kill.py::test_a_killed_import_goes_on_where_it_was",
        "tests/faults/test_kill.py"
        "::test_an_import_whose_reading_process_is_killed_or_that_is_killed_beside_it_goes_on",
        "tests/store/importing/test_interrupted_imports.py::test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not",
    )),
    Row(3, "the power fails", (
        "tests/faults/test_power_loss.py", f"{_LIBRARY}marks_are_synchronized_to_the_disk_and_import_batches_are_not",
    )),
    Row(4, "a title contains markup of the screen", (
        "tests/tui/render/test_sinks.py", f"{_HOSTILE}markup_is_read_as_letters_in_the_list_and_the_detail",
    )),
    Row(5, "a field contains control characters", (
        "tests/store/text/test_clean.py", f"{_HOSTILE}no_byte_of_a_payload_reaches_the_terminal",
        "tests/scenarios/test_note_drafts.py",
    )),
    Row(6, "a click on a hostile title", (f"{_HOSTILE}a_click_on_a_hostile_paper_runs_no_action",)),
    Row(7, "a file is still being written", (
        f"{_FOLDERS}a_growing_file_is_not_ready",
        "tests/store/importing/test_folder_changes.py::test_a_ready_file_was_unchanged_for_the_settling_time_whatever_happens",
        "tests/store/importing/test_folder_changes.py::test_a_file_that_changes_while_it_is_read_is_read_again",
    )),
    Row(8, "a cut file that still parses", (
        "tests/store/formats/test_every_format.py::test_a_file_cut_at_any_byte_is_reported",
        "tests/store/importing/test_format_results.py::test_a_file_that_is_cut_keeps_what_was_whole_and_says_so",
    )),
    Row(9, "one bad entry among good ones", (
        "tests/store/importing/test_format_results.py::test_an_entry_that_cannot_be_read_costs_none_of_the_others",
    )),
    Row(10, "the disk of the library is full", (
        "tests/store/library/test_unwritable.py::test_a_full_disk_is_said_and_writing_goes_on_once_there_is_room",
        "tests/faults/test_unwritable_disks.py::test_every_command_that_only_reads_works",
    )),
    Row(11, "the disk of an export is full", (
        f"{_TARGET}an_error_in_the_middle_leaves_the_old_file_and_nothing_else",
        "tests/faults/test_unwritable_disks.py::test_an_export_or_backup_on_a_full_disk_leaves_the_old_file",
    )),
    Row(12, "the disk fails while a mark is saved", (
        "tests/faults/test_failing_sync.py",
        "tests/store/library/test_unwritable.py::test_a_limit_on_the_file_size_loses_nothing_that_was_saved",
    )),
    Row(13, "the library is damaged", (
        "tests/store/library/test_damage.py", "tests/store/library/test_opening.py::test_a_damaged_library_is_reported_and_left_as_it_was",
        "tests/store/library/test_upkeep.py", "tests/tui/cli/test_wrong_values.py",
    )),
    Row(14, "backups exist and can be restored", (
        "tests/store/library/test_backup.py", "tests/store/library/test_upkeep.py", "tests/tui/cli/test_backups.py",
    )),
    Row(15, "a WAL is left beside a restored library", (
        "tests/store/library/test_restoring.py",
    )),
    Row(16, "a migration is interrupted or fails", (
        "tests/store/library/test_migrations.py::test_the_first_tables_are_created_completely_or_not_at_all",
        "tests/store/library/test_migrations.py::test_a_migration_that_fails_leaves_the_older_library",
        "tests/store/library/test_migrations.py::test_an_older_library_that_cannot_be_backed_up_is_not_migrated",
        "tests/faults/test_migration_kill.py",
    )),
    Row(17, "the library is of a newer version", (
        "tests/store/library/test_opening.py::test_a_newer_recto_that_is_open_at_this_moment_is_noticed_too", "tests/tui/cli/test_libraries.py",
    )),
    Row(18, "the file is not a library", ("tests/store/library/test_opening.py::test_a_foreign_file_is_refused_and_unchanged",)),
    Row(19, "signals, mistakes and suspension", (
        f"{_LEAVING}a_signal_restores_the_terminal", f"{_LEAVING}a_stopped_reader_continues_where_it_was",
        f"{_LEAVING}ctrl_z_stops_a_program_that_waits_for_the_reader_too", "tests/tui/terminal/test_driver.py",
        f"{_LEAVING}a_mistake_in_the_program_restores_the_terminal_and_its_report_has_no_text_of_a_paper",
        f"{_LEAVING}ctrl_c_again_and_again_ends_the_reader_once",
    )),
    Row(20, "the terminal is closed", (f"{_LEAVING}closing_the_window_ends_the_reader",)),
    Row(21, "two instances share a library", (
        "tests/scenarios/test_two_readers.py", "tests/store/library/test_several_processes.py::test_only_the_holder_of_the_lock_writes_the_wal_back",
        "tests/store/library/test_several_processes.py::test_a_second_recto_reads_and_writes_the_same_library",
    )),
    Row(22, "another program holds the library", ("tests/scenarios/test_locked.py",)),
    Row(23, "two connections write the WAL back at once", (
        "tests/faults/test_checkpoints.py",
        "tests/store/library/test_several_processes.py::test_only_the_holder_of_the_lock_writes_the_wal_back",
    )),
    Row(24, "two imports store the same papers", (
        "tests/store/importing/test_interrupted_imports.py::test_two_imports_of_files_with_the_same_papers_make_each_paper_once",
        "tests/store/importing/test_interrupted_imports.py::test_two_simultaneous_imports_of_one_file_neither_lose_nor_duplicate_entries",
    )),
    Row(25, "one paper in several formats and versions", (
        "tests/store/matching/test_publications.py", "tests/store/matching/test_merged_library.py",
    )),
    Row(26, "undo after a restart", (
        "tests/store/marks/test_marking.py", "tests/store/marks/test_any_steps.py",
    )),
    Row(27, "an import hangs", (
        "tests/store/importing/test_resource_limits.py",
        "tests/store/formats/test_every_format.py::test_reading_takes_linear_time",
    )),
    Row(28, "bad and old encodings", (
        "tests/store/formats/shared/test_encodings.py", "tests/store/formats/shared/test_text_lines.py",
        "tests/store/formats/test_every_format.py::test_encoding_and_line_ends_make_no_difference",
    )),
    Row(29, "strange JSON", ("tests/store/formats/shared/test_json_hostile.py",)),
    Row(30, "pipes, devices and links as listings", (
        "tests/store/importing/test_files.py::test_a_named_pipe_is_refused_at_once",
        "tests/store/importing/test_files.py::test_a_device_is_refused", f"{_FOLDERS}links_are_not_followed",
    )),
    Row(31, "huge, sparse and packed files", (
        "tests/store/importing/test_refused_files.py::test_a_file_of_holes_is_refused_at_once",
        "tests/store/importing/test_unpacking.py::test_the_limit_is_256_mib_and_a_bomb_is_refused_in_little_memory",
    )),
    Row(32, "XML with entities", (
        "tests/store/formats/shared/test_xml_records.py", "tests/faults/test_no_access.py",
    )),
    Row(33, "files that appear and disappear while a folder is read", (
        "tests/store/importing/test_folder_changes.py::test_a_scan_does_not_fail_while_files_appear_and_disappear",
    )),
    Row(34, "thousands of files arrive at once", (
        "tests/faults/test_many_files.py",
        "tests/tui/workers/test_folder_watch.py::test_files_are_found_although_the_file_system_reports_nothing",
    )),
    Row(35, "a library on a network or a synchronized disk", (
        f"{_DISKS}a_network_file_system_is_named", f"{_DISKS}the_program_that_synchronizes_a_folder_is_named",
    )),
    Row(36, "a read-only disk", (
        "tests/faults/test_unwritable_disks.py::test_every_command_that_only_reads_works",
        "tests/store/library/test_unwritable.py::test_a_library_that_cannot_be_written_is_read",
    )),
    Row(37, "the library is deleted or replaced while open", (
        f"{_LIBRARY}a_library_deleted_while_open_is_not_written_into_the_void",
        f"{_LIBRARY}a_library_replaced_while_open_is_not_mixed_up_with_the_new_one",
    )),
    Row(38, "an export replaces an old file", (
        "tests/store/exporting/test_target_file.py", "tests/faults/test_export_kill.py",
    )),
    Row(39, "hostile names of exported files", ("tests/store/exporting/test_hostile_names.py",)),
    Row(40, "addresses that are no web addresses", (
        f"{_HOSTILE}nothing_but_a_web_address_is_opened_and_nothing_but_a_line_is_copied",
        "tests/store/papers/test_addresses.py",
    )),
    Row(41, "a shell is given text from outside", ("tests/test_layers.py::test_nothing_runs_a_shell",)),
    Row(42, "the browser is missing or hangs", ("tests/tui/workers/test_browser.py",)),
    Row(43, "bidirectional and invisible characters", ("tests/store/text/test_clean.py",)),
    Row(44, "accents without end, emoji and wide letters", (
        f"{_HOSTILE}no_row_is_wider_than_its_pane", "tests/tui/render/test_cell_width.py",
        "tests/tui/render/test_display_text.py",
    )),
    Row(45, "links and copied text with control sequences", ("tests/tui/render/test_citation.py",)),
    Row(46, "formulas in CSV", (f"{_EXPORTS}csv_has_no_cell_that_a_spreadsheet_could_evaluate",)),
    Row(47, "BibTeX that does not compile", (
        "tests/store/exporting/test_latex_text.py", "tests/faults/test_bibliography_programs.py",
    )),
    Row(48, "links in exported Markdown", (f"{_EXPORTS}markdown_contains_only_links_and_html_that_recto_wrote",)),
    Row(49, "text in deeply nested markup", ("tests/store/formats/test_deep_markup.py",)),
    Row(50, "a listing that is a path or an address", (
        "tests/store/formats/test_no_access.py", "tests/faults/test_no_access.py",
    )),
    Row(51, "hostile servers", ("tests/store/fetching/test_network.py",)),
    Row(52, "mail: headers, certificates, sent twice", (
        "tests/store/digest/test_sending.py", "tests/faults/test_digest_kill.py",
    )),
    Row(53, "permissions", (
        "tests/store/library/test_opening.py::test_the_library_and_all_beside_it_are_the_readers_alone_whatever_the_umask",
    )),
    Row(54, "secrets in crash reports", (
        f"{_LEAVING}a_mistake_in_the_program_restores_the_terminal_and_its_report_has_no_text_of_a_paper",
    )),
    Row(55, "a clock that is set back", (
        "tests/store/library/test_upkeep.py::test_a_clock_that_was_wrong_does_not_end_the_backups",
        "tests/store/marks/test_clock.py",
    )),
    Row(56, "strange terminals, locales and input", (
        "tests/faults/test_terminals.py", "tests/scenarios/test_strange_input.py",
    )),
    Row(57, "filters with the syntax of SQL and regular expressions", (
        "tests/store/search/test_parser_random.py", "tests/store/search/test_parser_limits.py",
    )),
    Row(58, "the reader is used without a pause", (
        "tests/faults/test_soak.py", "tests/store/library/test_checkpoints.py", "tests/scenarios/test_memory.py",
    )),
    Row(59, "a process is killed while it writes the index", (
        "tests/faults/test_index_kill.py", "tests/store/search/test_index_lost.py",
    )),
    Row(60, "two processes use the index", (
        "tests/faults/test_index_together.py",
        "tests/store/search/test_index_sync.py::test_only_one_process_writes_the_index",
        "tests/store/search/test_index_files.py::test_an_index_that_another_process_writes_is_left_to_it",
    )),
    Row(61, "the disk of the index is full", (
        "tests/faults/test_index_full.py",
        "tests/store/search/test_index_files.py::test_an_index_that_cannot_be_written_for_want_of_room_is_kept",
    )),
    Row(62, "the reader is left at any moment", (
        "tests/faults/test_leaving.py", f"{_LEAVING}a_signal_restores_the_terminal",
    )),
    Row(63, "links and pipes in place of side files", (
        "tests/store/library/test_side_files.py", f"{_FILES}a_link_beside_the_library_is_not_followed",
        f"{_FILES}a_side_file_that_is_not_a_regular_file_is_refused",
        "tests/store/library/test_unwritable.py::test_a_library_with_several_names_is_only_read",
    )),
    Row(64, "a file repeats one paper a thousand times", (
        "tests/store/importing/test_format_results.py::test_a_paper_that_a_file_repeats_without_end_is_stored_a_limited_number_of_times",
    )),
    Row(65, "white space without end", (
        "tests/store/formats/test_every_format.py::test_a_long_run_of_one_character_is_read_in_linear_time",
        "tests/store/formats/test_detection.py",
    )),
    Row(66, "a file of the library is removed while open", (
        f"{_FILES}writes_into_a_deleted_file_are_reported_as_not_saved",
        f"{_FILES}data_saved_before_the_wal_was_deleted_is_written_back",
    )),
    Row(67, "all cores are busy while a file arrives", ("tests/tui/workers/test_import_process.py",)),
    Row(68, "terminals from one cell on", (
        "tests/tui/terminal/test_input_parser.py"
        "::test_only_plausible_sizes_of_a_terminal_that_announced_them_are_used",
        "tests/scenarios/test_sizes.py::test_the_reader_survives_a_storm_of_sizes",
        "tests/scenarios/test_sizes.py"
        "::test_the_reader_runs_in_the_smallest_terminals_and_draws_everything_when_they_grow",
    )),
    Row(69, "unknown reports of keys and random input", (
        "tests/scenarios/test_strange_input.py", "tests/tui/terminal/test_input_parser.py",
    )),
    Row(70, "undo of marks and of imports, mixed", (
        "tests/store/importing/test_undo.py", "tests/store/importing/test_undo_marks.py",
        "tests/store/importing/test_undo_parted_papers.py", "tests/store/importing/test_undo_random.py",
        "tests/store/importing/test_undo_interrupted.py", "tests/store/matching/test_merged_library.py",
        "tests/store/marks/test_random_marks.py",
    )),
    Row(71, "the program is killed while it writes into the shared folder", (
        "tests/faults/test_sync_kill.py",
        f"{_ROUNDS}a_round_that_was_killed_can_be_repeated",
    )),
    Row(72, "the files of the shared folder are cut, renamed, repeated, late or damaged", (
        "tests/store/sync/test_hostile_carrier.py", "tests/faults/test_sync_carriers.py",
        f"{_ROUNDS}damaged_lines_are_counted_and_read_when_they_come_whole",
    )),
    Row(73, "a hostile file in the shared folder", (
        "tests/store/sync/test_register_lines.py", "tests/store/sync/test_rounds.py",
        "tests/scenarios/test_sync.py::test_a_hostile_file_in_the_folder_changes_nothing_on_the_screen_but_marks",
    )),
    Row(74, "a hostile full text", ("tests/faults/test_full_texts.py", "tests/store/texts/test_text_store.py")),
    Row(75, "a hostile picture", (
        "tests/faults/test_pictures.py", "tests/store/pictures/test_renderer.py",
        "tests/scenarios/test_picture_terminal.py",
    )),
)  # fmt: skip
# Faults that no test covers, each with the reason.
NOT_TESTED: dict[int, str] = {}
# For some rows: what their tests leave out or only simulate.
NOT_TRIED: dict[int, str] = {
    2: "kills at each system call",
    4: "random text in every widget",
    7: "writers on a network disk",
    22: "locks of more than a few seconds",
    25: "rates on a labelled set of papers",
    29: "hours of random input for each parser",
    33: "a disk that is unmounted while it is read",
    34: "an overflow of the queue of file events",
    35: "a real network disk: its type is imitated",
    44: "terminals other than an emulator of one",
    46: "a spreadsheet program",
    55: "a clock of the system that is set: only recto's clock is",
    57: "a library of 100,000 papers, which make bench measures",
    58: "eight hours; python -m tests.faults.soak measures one",
    67: "a busy machine: the progress is imitated",
}


def row_of(node_id: str) -> list[int]:
    """The numbers of the rows to which a test belongs. `node_id` is its name in pytest, with or without parameters."""
    test = node_id.partition("[")[0]
    return [row.number for row in ROWS if test in row.tests or test.partition("::")[0] in row.tests]
