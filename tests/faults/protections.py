"""Lists, for each row of the table of faults, a protection in the code and the one change that removes it.

`make faults-proof` applies these changes one by one to a copy of the project and shows that the test which belongs to
the change then fails. `tests/test_fault_rows.py` checks that each change still applies.
"""

from __future__ import annotations

from typing import NamedTuple


class Protection(NamedTuple):
    """A protection against the fault of `row`.

    To remove it, the text `old` in the file `path` is replaced by the text `new`. `test` is the test of that row that
    then fails, as pytest names it.
    """

    row: int
    path: str
    old: str
    new: str
    test: str

    def removed(self, text: str) -> str:
        """The text of the file without the protection.

        Raises ValueError unless the file contains the old text exactly once.
        """
        if text.count(self.old) != 1:
            raise ValueError(f"{self.path} has {text.count(self.old)} times: {self.old}")
        return text.replace(self.old, self.new)


_LIBRARY = "store/library/library.py"
_LIBRARY_TESTS = "tests/store/library/test_library.py::test_"
_CLEAN = "store/text/clean.py"
_DISPLAY = "tui/render/display_text.py"
_SIDE_FILES = "store/library/side_files.py"
_BROWSER = "tui/workers/browser.py"

# The lines may be longer than 120 characters, because they contain lines of the code unchanged.
# ruff: noqa: E501
PROTECTIONS = (
    Protection(
        1, _LIBRARY, 'connection.execute("COMMIT")', 'connection.execute("ROLLBACK")',
        "tests/faults/test_kill.py::test_marks_reported_as_saved_are_there_after_a_kill",
    ),
    Protection(
        2, "store/importing/batches.py",
        '"UPDATE listing SET stored = max(stored, ?) WHERE id = ?", (tally.position, self._listing.id)',
        '"UPDATE listing SET stored = max(stored, ?) WHERE id = ?", (0, self._listing.id)',
        "tests/store/importing/test_interrupted_imports.py::test_an_import_that_is_killed_again_and_again_ends_as_one_that_was_not",
    ),
    Protection(
        3, _LIBRARY, "{'FULL' if durable else 'NORMAL'}", "NORMAL", "tests/faults/test_power_loss.py",
    ),
    Protection(
        4, "tui/render/page_layout.py", "return Content(text, spans=[*whole, *spans])", "return Content.from_markup(text)",
        "tests/tui/render/test_hostile.py::test_markup_is_read_as_letters_in_the_list_and_the_detail",
    ),
    Protection(
        5, _CLEAN, "text = text.translate(_REPLACEMENTS)", "pass",
        "tests/store/text/test_clean.py::test_control_characters_become_visible_and_other_text_stays",
    ),
    Protection(
        5, _DISPLAY, "cleaned = clean(text)", "cleaned = text",
        "tests/tui/render/test_hostile.py::test_no_byte_of_a_payload_reaches_the_terminal",
    ),
    Protection(
        6, "tui/render/page_layout.py", "return Content(text, spans=[*whole, *spans])", "return Content.from_markup(text)",
        "tests/tui/render/test_hostile.py::test_a_click_on_a_hostile_paper_runs_no_action",
    ),
    Protection(
        7, "store/importing/folders.py", "elif now - since >= SETTLE_SECONDS:", "elif True:",
        "tests/store/importing/test_folder_changes.py::test_a_ready_file_was_unchanged_for_the_settling_time_whatever_happens",
    ),
    Protection(
        8, "store/formats/shared/html_text.py", "return has_start is not None and has_end is None and", "return False and",
        "tests/store/formats/test_every_format.py::test_a_file_cut_at_any_byte_is_reported",
    ),
    Protection(
        9, "store/importing/batches.py", "self._refuse(Refused(item.index, item.line, clean.line(item.reason)))", "pass",
        "tests/store/importing/test_format_results.py::test_an_entry_that_cannot_be_read_costs_none_of_the_others",
    ),
    Protection(
        10, "store/library/sqlite_errors.py", "if code == sqlite3.SQLITE_FULL:", "if False:",
        "tests/store/library/test_unwritable.py::test_a_full_disk_is_said_and_writing_goes_on_once_there_is_room",
    ),
    Protection(
        11, "store/library/whole_file.py", "temporary.unlink()", "pass",
        "tests/store/exporting/test_target_file.py::test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else",
    ),
    Protection(
        12, "store/library/sqlite_errors.py", "if code == sqlite3.SQLITE_IOERR:", "if False:",
        "tests/faults/test_failing_sync.py::test_after_a_failed_sync_recto_shows_what_is_stored",
    ),
    Protection(
        13, _LIBRARY, "self._refuse_damage(connection)\n", "pass\n",
        "tests/store/library/test_damage.py::test_nothing_is_written_into_a_damaged_library",
    ),
    Protection(
        14, "store/library/backup.py", "if problems := check(partial):", "if problems := list[str]():",
        "tests/store/library/test_backup.py::test_a_damaged_library_makes_no_backup",
    ),
    Protection(
        14, "store/library/backup.py", "for old in backups(library)[KEPT:]:", "for old in backups(library)[1:]:",
        "tests/store/library/test_backup.py::test_the_three_latest_backups_are_kept_and_other_files_stay",
    ),
    Protection(
        15, "store/library/restoring.py", 'Path(f"{file}{suffix}").rename(folder / f"{file.name}{suffix}")', "pass",
        "tests/store/library/test_restoring.py::test_a_wal_that_was_left_is_moved_away_with_its_library",
    ),
    Protection(
        16, "store/library/schema.py", "for step in _MIGRATIONS[current:]:\n        step(db)\n",
        "for step in _MIGRATIONS[current:]:\n        step(db)\n        connection.commit()\n",
        "tests/store/library/test_migrations.py::test_the_first_tables_are_created_completely_or_not_at_all",
    ),
    Protection(
        16, "store/library/migrating.py", "_back_up(path, file, version)\n", "pass\n",
        "tests/store/library/test_migrations.py::test_an_older_library_that_cannot_be_backed_up_is_not_migrated",
    ),
    Protection(
        17, _LIBRARY, "if version > schema.version():", "if False:",
        "tests/store/library/test_opening.py::test_a_newer_recto_that_is_open_at_this_moment_is_noticed_too",
    ),
    Protection(
        18, "store/library/database_file.py", " and _number(header, _APPLICATION_ID_AT) == schema.APPLICATION_ID", "",
        "tests/store/library/test_opening.py::test_a_foreign_file_is_refused_and_unchanged",
    ),
    Protection(
        19, "tui/terminal/signals.py", "(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)",
        "(signal.SIGTERM, signal.SIGHUP, signal.SIGINT)",
        "tests/scenarios/test_leaving.py::test_a_signal_restores_the_terminal",
    ),
    Protection(
        20, "tui/terminal/signals.py", "(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)",
        "(signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)",
        "tests/scenarios/test_leaving.py::test_closing_the_window_ends_the_reader",
    ),
    Protection(
        21, _LIBRARY, '"PRAGMA wal_autocheckpoint = 0"', '"PRAGMA wal_autocheckpoint = 1000"',
        "tests/store/library/test_several_processes.py::test_only_the_holder_of_the_lock_writes_the_wal_back",
    ),
    Protection(
        22, _LIBRARY, "retry_while_busy(begin) if wait else begin()", "begin()",
        "tests/scenarios/test_locked.py::test_a_mark_waits_for_a_short_lock_and_is_saved",
    ),
    Protection(
        23, _LIBRARY, '"PRAGMA wal_autocheckpoint = 0"', '"PRAGMA wal_autocheckpoint = 25"',
        "tests/faults/test_checkpoints.py",
    ),
    Protection(
        24, "store/importing/batches.py", "count = min(len(entries), max(0, stored - tally.position))", "count = 0",
        "tests/store/importing/test_interrupted_imports.py::test_two_simultaneous_imports_of_one_file_neither_lose_nor_duplicate_entries",
    ),
    Protection(
        25, "store/matching/publications.py", "return (recurring or are_exact) and not is_translation", "return False",
        "tests/store/matching/test_publications.py::test_a_pair_is_one_paper_or_two",
    ),
    Protection(
        26, "store/marks/journal.py", 'connection.execute("DELETE FROM journal WHERE undone")', "pass",
        "tests/store/marks/test_marking.py::test_a_new_step_after_an_undo_deletes_the_undone_one",
    ),
    Protection(
        27, "store/importing/resource_limits.py", "if self._checks >= _CHECKS:", "if False:",
        "tests/store/importing/test_resource_limits.py::test_if_a_format_hangs_its_earlier_entries_are_kept",
    ),
    Protection(
        28, "store/formats/shared/encodings.py", 'return best.encoding if best is not None else "cp1252"', 'return "cp1252"',
        "tests/store/formats/shared/test_encodings.py::test_a_text_in_an_old_encoding_is_read_letter_for_letter",
    ),
    Protection(
        29, "store/formats/shared/json_items.py", 'raise Unfit("it is nested too deeply") from None', "raise",
        "tests/store/formats/shared/test_json_hostile.py::test_deep_nesting_does_not_crash",
    ),
    Protection(
        30, _SIDE_FILES, "flags |= os.O_NONBLOCK | os.O_NOCTTY", "flags |= os.O_NOCTTY",
        "tests/store/importing/test_files.py::test_a_named_pipe_is_refused_at_once",
    ),
    Protection(
        31, "store/importing/files.py", "if _is_mostly_hole(os.fstat(file.fileno())):", "if False:",
        "tests/store/importing/test_refused_files.py::test_a_file_of_holes_is_refused_at_once",
    ),
    Protection(
        31, "store/importing/unpacking.py", "if self._count > self.limit:", "if False:",
        "tests/store/importing/test_unpacking.py::test_the_limit_is_256_mib_and_a_bomb_is_refused_in_little_memory",
    ),
    Protection(
        32, "store/formats/shared/xml_records.py",
        "parser.EntityDeclHandler = parser.AttlistDeclHandler = _refuse_declaration",
        "parser.AttlistDeclHandler = _refuse_declaration",
        "tests/store/formats/shared/test_xml_records.py::test_declared_entities_are_refused",
    ),
    Protection(
        33, "store/importing/folders.py", "    except OSError:\n        return []\n", "    except OSError:\n        raise\n",
        "tests/store/importing/test_folder_changes.py::test_a_scan_does_not_fail_while_files_appear_and_disappear",
    ),
    Protection(
        34, "tui/workers/folder_watch.py", "await asyncio.wait_for(hint.wait(), pause)", "await hint.wait()",
        "tests/tui/workers/test_folder_watch.py::test_files_are_found_although_the_file_system_reports_nothing",
    ),
    Protection(
        35, "store/doctor/disks.py", "is_network = bool(_NETWORK_TYPES.fullmatch(kind)) or (", "is_network = (",
        "tests/store/doctor/test_examination.py::test_a_network_file_system_is_named",
    ),
    Protection(
        36, _LIBRARY, "library = cls._open_for_reading(path, error.reason)", "library = None",
        "tests/store/library/test_unwritable.py::test_a_library_that_cannot_be_written_is_read",
    ),
    Protection(
        37, "store/library/open_files.py", "if (opened or not suffix) and identity(self._paths[suffix]) != (opened or ()):",
        "if False:", f"{_LIBRARY_TESTS}a_library_deleted_while_open_is_not_written_into_the_void",
    ),
    Protection(
        38, "store/exporting/target_file.py", "target = Path(os.path.realpath(path)) if follow_links else",
        "target = path if follow_links else",
        "tests/store/exporting/test_target_file.py::test_the_file_behind_a_link_is_replaced_and_the_link_stays",
    ),
    Protection(
        38, "store/library/whole_file.py", "temporary.replace(path)", "path.write_bytes(temporary.read_bytes())",
        "tests/faults/test_export_kill.py",
    ),
    Protection(
        39, "store/exporting/target_file.py", "except (OSError, ValueError) as error:", "except OSError as error:",
        "tests/store/exporting/test_hostile_names.py",
    ),
    Protection(
        40, "store/papers/addresses.py", ' or "@" in parts.netloc', "",
        "tests/store/papers/test_addresses.py::test_other_addresses_are_not_opened",
    ),
    Protection(
        41, _BROWSER, "start_new_session=True,", "shell=True,", "tests/test_layers.py::test_nothing_runs_a_shell",
    ),
    Protection(
        42, _BROWSER, "stdout=subprocess.DEVNULL,", "stdout=None,",
        "tests/tui/workers/test_browser.py::test_the_browser_gets_the_address_as_one_argument_and_prints_nothing",
    ),
    Protection(
        43, _CLEAN, "[*range(0x80, 0xA0), *_BIDI, *_SURROGATES]", "[*range(0x80, 0xA0), *_SURROGATES]",
        "tests/store/text/test_clean.py::test_cleaned_text_holds_nothing_that_acts_on_a_terminal",
    ),
    Protection(
        44, _DISPLAY, "cleaned.translate(_UNSTEADY_WIDTH)", "cleaned",
        "tests/tui/render/test_display_text.py::test_characters_that_terminals_draw_in_different_widths_are_left_out",
    ),
    Protection(
        44, _DISPLAY, "if combining <= _MOST_COMBINING and zero_width <= _MOST_ZERO_WIDTH:", "if True:",
        "tests/tui/render/test_display_text.py::test_no_more_than_four_accents_stand_on_a_letter",
    ),
    Protection(
        45, "tui/render/citation.py", "styled.safe(tex.for_display(paper.title))", "tex.for_display(paper.title)",
        "tests/tui/render/test_citation.py::test_no_payload_reaches_the_clipboard",
    ),
    Protection(
        46, "store/exporting/csv_table.py", " or cell.lstrip().startswith(_FORMULA_SIGNS)", "",
        "tests/store/exporting/test_formats.py::test_csv_has_no_cell_that_a_spreadsheet_could_evaluate",
    ),
    Protection(
        47, "store/exporting/latex_text.py", '_SPECIAL = re.compile(r"[\\\\{}&%$#_~^]")',
        '_SPECIAL = re.compile(r"[\\\\{}&$#_~^]")', "tests/store/exporting/test_latex_text.py",
    ),
    Protection(
        48, "store/exporting/markdown.py", "_MARKUP = re.compile(r\"[\\\\`*_{}\\[\\]<>()", "_MARKUP = re.compile(r\"[\\\\`*_{}()",
        "tests/store/exporting/test_formats.py::test_markdown_contains_only_links_and_html_that_recto_wrote",
    ),
    Protection(
        49, "store/formats/links/bookmarks.py", "(?P<text>(?:[^<]++|<(?!/?A[\\s>]))*+)", "(?P<text>[^<]*+)",
        "tests/store/formats/test_deep_markup.py",
    ),
    Protection(
        50, "store/formats/shared/text_lines.py",
        'return codecs.getincrementaldecoder(encoding(head))("replace").decode(head).replace("\\0", "")',
        'return open(head).read() if head == b"/etc/passwd" else head.decode(encoding(head), "replace")',
        "tests/store/formats/test_no_access.py::test_a_file_that_is_a_path_or_an_address_is_read_as_text",
    ),
    Protection(
        51, "store/fetching/network.py", "if not self._any_address and not is_public(address):", "if False:",
        "tests/store/fetching/test_network.py::test_a_default_site_at_a_private_address_is_refused",
    ),
    Protection(
        52, "store/digest/sending.py", "server.starttls(context=ssl.create_default_context())", "server.starttls()",
        "tests/store/digest/test_sending.py"
        "::test_a_certificate_of_an_unknown_authority_ends_the_connection_before_the_password",
    ),
    Protection(
        52, "store/digest/sending.py", "sent.begin(library, digest.id, again=again)", "pass",
        "tests/store/digest/test_sending.py"
        "::test_a_digest_that_the_server_did_not_confirm_is_not_sent_again_but_its_papers_are",
    ),
    Protection(
        53, "store/library/database_file.py", "os.O_CREAT | os.O_WRONLY, 0o600", "os.O_CREAT | os.O_WRONLY, 0o644",
        "tests/store/library/test_opening.py::test_the_library_and_all_beside_it_are_the_readers_alone_whatever_the_umask",
    ),
    Protection(
        54, "tui/app.py", "traceback.format_exception(error)",
        "traceback.TracebackException.from_exception(error, capture_locals=True).format()",
        "tests/scenarios/test_leaving.py"
        "::test_a_mistake_in_the_program_restores_the_terminal_and_its_report_has_no_text_of_a_paper",
    ),
    Protection(
        55, "store/library/upkeep.py", "abs(now - newest.made_at) < _BACKUP_AFTER", "now - newest.made_at < _BACKUP_AFTER",
        "tests/store/library/test_upkeep.py::test_a_clock_that_was_wrong_does_not_end_the_backups",
    ),
    Protection(
        55, "store/marks/clock.py", "self.last = max(self.last + 1, wall <<", "self.last = max(0, wall <<",
        "tests/store/marks/test_clock.py",
    ),
    Protection(
        56, "tui/__main__.py", ' and (os.environ.get("TERM") or "dumb") != "dumb"', "",
        "tests/faults/test_terminals.py::test_one_line_says_that_the_reader_cannot_be_shown",
    ),
    Protection(
        57, "store/search/parser.py", "MAX_CHARACTERS = 1_000", "MAX_CHARACTERS = 10**9",
        "tests/store/search/test_parser_limits.py::test_only_the_first_thousand_characters_are_read_with_a_message",
    ),
    Protection(
        58, _LIBRARY, "                self._checkpoints.run(connection)\n", "                pass\n",
        "tests/store/library/test_checkpoints.py::test_the_wal_stays_short_while_another_connection_always_reads",
    ),
    Protection(
        59, "store/search/index_sync.py", "index_files.write_token(writer.folder, state.next_token)\n", "pass\n",
        "tests/store/search/test_index_lost.py"
        "::test_an_index_is_not_used_if_a_power_cut_lost_the_last_changes_of_its_library",
    ),
    Protection(
        60, "store/search/index_files.py", "fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass",
        "tests/faults/test_index_together.py",
    ),
    Protection(
        61, "store/search/index_sync.py", "except (OSError, ValueError) as error:", "except OSError as error:",
        "tests/faults/test_index_full.py",
    ),
    Protection(
        62, "tui/terminal/signals.py", "(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)", "(signal.SIGHUP, signal.SIGQUIT)",
        "tests/faults/test_leaving.py",
    ),
    Protection(
        63, _SIDE_FILES, "(0 if follow_links else os.O_NOFOLLOW)", "0",
        "tests/store/library/test_side_files.py::test_only_a_regular_file_is_opened",
    ),
    Protection(
        64, "store/importing/entries.py", "MOST_OF_ONE_PAPER = 64\n", "MOST_OF_ONE_PAPER = 10**6\n",
        "tests/store/importing/test_format_results.py"
        "::test_a_paper_that_a_file_repeats_without_end_is_stored_a_limited_number_of_times",
    ),
    Protection(
        65, "store/importing/resource_limits.py", "limits.DETECTION_SECONDS,\n", "10**6,\n",
        "tests/store/formats/test_detection.py::test_a_format_that_does_not_come_to_an_answer_is_given_up",
    ),
    Protection(
        66, "store/library/open_files.py", "if (opened or not suffix) and identity(self._paths[suffix]) != (opened or ()):",
        "if not suffix and identity(self._paths[suffix]) != (opened or ()):",
        "tests/store/library/test_open_files.py"
        "::test_writes_into_a_deleted_file_are_reported_as_not_saved",
    ),
    Protection(
        67, "tui/workers/import_process.py", "if self._yields and now - first_progress > _SHORT_SECONDS:",
        "if self._yields:", "tests/tui/workers/test_import_process.py",
    ),
    Protection(
        68, "tui/terminal/input_parser.py", "if self._reports_size and _is_size_report(parameters.split(\";\")):",
        "if self._reports_size:",
        "tests/tui/terminal/test_input_parser.py"
        "::test_only_plausible_sizes_of_a_terminal_that_announced_them_are_used",
    ),
    Protection(
        69, "tui/terminal/paste.py", "_LONGEST_PASTE = 1 << 20", "_LONGEST_PASTE = 1 << 40",
        "tests/tui/terminal/test_input_parser.py::test_only_the_beginning_of_an_endless_paste_is_kept",
    ),
    Protection(
        70, "store/importing/undo.py", "marked_ids = _marked_ids(connection)", "marked_ids = set[int]()",
        "tests/store/importing/test_undo_marks.py::test_a_paper_that_was_marked_stays_with_all_that_is_known_of_it",
    ),
    Protection(
        71, "store/sync/rounds.py", "unwritten.begin_writing(connection, waiting.registers, device)",
        "unwritten.set_written(connection, waiting.last)",
        "tests/store/sync/test_rounds.py"
        "::test_a_round_that_was_killed_can_be_repeated",
    ),
    Protection(
        72, "store/sync/segment_files.py", "offset = min(offset, at)", "pass",
        "tests/store/sync/test_rounds.py::test_damaged_lines_are_counted_and_read_when_they_come_whole",
    ),
    Protection(
        73, "store/sync/register_lines.py", "return register if is_acceptable(register) else None", "return register",
        "tests/store/sync/test_register_lines.py"
        "::test_a_line_with_a_correct_checksum_that_recto_would_not_write_is_not_read",
    ),
    Protection(
        74, "store/texts/worker.py", "text = cleaned(last[-1].text)", "text = last[-1].text",
        "tests/store/texts/test_text_store.py::test_the_answer_of_a_child_process_is_cleaned",
    ),
    Protection(
        75, "store/pictures/renderer.py", "0 <= drawn.width <= max(1, request.width)", "True",
        "tests/store/pictures/test_renderer.py",
    ),
)  # fmt: skip
