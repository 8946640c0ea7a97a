"""The rows from 136 on: what another fresh attack found; see `rows`."""

AT_LEVELS = "test_levels.py::test_an_attack_comes_to_nothing"
PACKED, AROUND = "test_hostile_archives.py", "test_hostile_surroundings.py"
PAGES, FLOWS = "test_hostile_pages.py", "test_judge_4.py"
RECORDS, PLACE = "test_hostile_records.py", "test_place.py"
TERMINAL = "test_hostile_terminal.py"
ZIPS, LINKS, TABLES = "test_hostile_zips.py", "test_hostile_links.py", "test_hostile_tables.py"
LATER = {
    203: [
        "test_judges.py::test_agrees_with_the_label",
        "test_sandbox.py::test_no_module_is_found_where_an_answer_could_put_it",
    ],
    211: [
        "test_judges.py::test_agrees_with_the_label",
        "test_seal.py::test_what_is_replaced_is_named",
        "test_seal.py::test_who_compares_cannot_be_replaced_either",
    ],
    210: [
        "test_judge_4.py::test_the_judges_own_server_answers_who_knows_its_secret_alone",
    ],
    212: [
        "test_known_shared.py::test_answers_of_one_account_share_memory_without_namespaces",
    ],
    213: [
        "test_known_shared.py::test_who_may_read_a_file_may_lock_it_while_it_runs",
    ],
    214: [
        "test_known_shared.py::test_what_stays_among_temporary_files_is_not_beside_the_output",
    ],
    136: ["136_leaves_when_it_has_begun"],
    137: ["137_appends_where_nobody_looks"],
    138: ["138_numbers_between_control_signs"],
    139: [f"{AT_LEVELS}[a lease]", f"{AT_LEVELS}[notices of a folder]"],
    140: [f"{AT_LEVELS}[news of files]"],
    141: [
        f"{AT_LEVELS}[memory that is shared without a file]",
        f"{AT_LEVELS}[memory that is shared by a device]",
    ],
    142: [f"{AT_LEVELS}[its memory for a program that takes cores]"],
    143: [
        "143_names_that_are_no_text",
        f"{AROUND}::test_a_process_of_any_name_is_seen",
        f"{AROUND}::test_a_process_of_any_name_ends_with_its_job",
    ],
    144: [f"{AROUND}::test_descriptors_that_others_of_an_account_have_under_way_cost_no_point"],
    145: [
        f"{PACKED}::test_archives_within_each_other_hold_not_more_than_one_may",
        f"{PACKED}::test_archives_within_each_other_list_not_more_than_one_may",
        f"{PACKED}::test_a_list_of_too_many_entries_is_not_read",
        f"{PACKED}::test_what_cannot_be_unpacked_is_for_a_person",
    ],
    146: [f"{PACKED}::test_a_name_that_no_file_system_has_is_not_read_in"],
    147: [
        f"{PACKED}::test_the_words_of_a_document_are_found_whatever_stands_between_them",
        f"{PACKED}::test_a_list_of_gradescopes_that_holds_itself_is_read",
    ],
    148: [f"{PACKED}::test_whom_a_name_makes_of_somebody_else_is_for_a_person"],
    149: [
        f"{PACKED}::test_a_folder_that_becomes_a_link_leads_nowhere",
        f"{LINKS}::test_what_becomes_a_link_while_others_are_judged_is_not_followed",
    ],
    150: [f"{PACKED}::test_of_a_file_without_end_only_the_beginning_is_looked_at"],
    151: [f"{PAGES}::test_signs_of_code_let_nothing_else_through"],
    152: [
        f"{PAGES}::test_no_program_that_parts_cells_in_its_own_way_computes_one",
        f"{PAGES}::test_a_name_begins_no_line_and_no_cell",
    ],
    153: [f"{PAGES}::test_who_knocks_without_knowing_the_address_is_no_news_on_the_terminal"],
    154: [
        f"{AROUND}::test_an_account_that_may_less_than_an_answer_is_granted_judges_as_any_other",
        f"{AROUND}::test_who_started_the_judge_may_have_ignored_the_end_of_children",
        f"{AROUND}::test_the_mask_of_new_files_is_none_of_an_answers_business",
    ],
    155: [
        f"{AROUND}::test_where_nobody_takes_what_is_printed_there_is_no_traceback",
        f"{AROUND}::test_what_a_learner_wrote_warns_nobody_else",
        f"{AROUND}::test_who_has_no_name_here_is_called_by_number",
    ],
    156: [f"{AROUND}::test_a_job_ends_in_time_also_where_its_judge_does_nothing"],
    157: ["157_says_what_no_probe_says"],
    158: ["158_problem_5_says_what_no_probe_says"],
    159: [f"{PACKED}::test_the_seed_of_a_class_is_none_that_can_be_tried"],
    160: [
        f"{FLOWS}::test_an_error_that_reads_like_one_of_the_judges_server_is_the_answers",
        f"{FLOWS}::test_what_the_judges_own_server_has_done_wrong_is_not_held_against_an_answer",
    ],
    161: [
        f"{ZIPS}::test_no_way_of_packing_makes_much_of_little",
        f"{ZIPS}::test_a_document_that_lists_more_than_any_is_not_read",
    ],
    162: [f"{ZIPS}::test_any_number_of_archives_needs_one_open_file"],
    163: [
        f"{TABLES}::test_whatever_a_learner_wrote_the_list_goes_back_in",
        f"{TABLES}::test_a_table_of_ours_is_read_however_long_a_cell_is",
    ],
    164: [
        f"{TABLES}::test_whatever_learners_are_called_a_decision_in_the_list_is_theirs",
        f"{TABLES}::test_whatever_learners_are_called_a_decision_on_the_page_is_theirs",
        f"{TABLES}::test_whatever_learners_are_called_each_has_one_line_in_every_table",
    ],
    165: [
        f"{ZIPS}::test_an_entry_of_any_name_has_a_line",
        f"{ZIPS}::test_a_file_that_begins_nowhere_is_damaged",
    ],
    166: [
        f"{ZIPS}::test_an_archive_without_a_file_has_a_line_of_its_own",
        f"{ZIPS}::test_a_folder_that_holds_bytes_is_a_file",
    ],
    167: [
        f"{LINKS}::test_what_becomes_a_link_while_others_are_judged_is_not_followed",
        f"{LINKS}::test_no_text_of_it_is_shown_and_none_travels",
    ],
    168: [f"{ZIPS}::test_an_export_without_a_file_is_told_in_a_line"],
    169: [f"{TABLES}::test_answers_of_which_not_all_is_shown_are_decided_apart"],
    170: ["test_hostile_class.py::test_who_forgets_nobody_loses_nothing"],
    171: [
        f"{RECORDS}::test_the_page_of_a_run_that_somebody_sent_executes_nothing",
        f"{RECORDS}::test_nothing_that_lies_elsewhere_is_in_the_page_of_a_run_that_somebody_sent",
    ],
    172: [f"{PLACE}::test_who_clears_up_is_not_ended_first_and_an_answer_does_not_outlive_it"],
    173: [
        f"{PLACE}::test_a_folder_that_cannot_be_made_whole_is_not_left",
        f"{PLACE}::test_a_folder_is_emptied_again_however_long_the_first_time_took",
    ],
    174: ["174_writes_by_memory"],
    175: ["175_a_marker_for_work"],
    176: ["176_problem_5_retries_what_nobody_listed"],
    177: ["177_problem_5_shares_what_really_waits"],
    178: ["178_problem_5_waits_beyond_any_clock"],
    179: ["179_touches_a_file"],
    180: ["test_levels.py::test_an_answer_has_what_it_earns[locks, queues and pools of processes]"],
    181: [
        "test_notation.py::test_a_cell_leaves_what_it_leaves_in_a_notebook",
        "test_notation.py::test_a_right_answer_in_a_notebooks_notation_is_right",
    ],
    182: [
        f"{TERMINAL}::test_no_command_says_anything_to_the_terminal",
        f"{TERMINAL}::test_a_record_says_nothing_to_the_terminal",
        f"{TERMINAL}::test_a_learner_says_nothing_to_the_terminal",
    ],
    183: [
        f"{RECORDS}::test_a_record_that_is_damaged_anywhere_is_shown_or_told_in_a_line",
        f"{RECORDS}::test_a_file_that_is_damaged_is_told_in_a_line",
    ],
    184: [f"{ZIPS}::test_archives_within_each_other_take_no_more_room_than_was_handed_in_allows"],
    185: [
        "test_judge_2.py::test_a_mutant_fails_with_the_criterion_that_names_its_defect",
        "test_judge_2.py::test_a_variant_is_as_right",
    ],
    186: [
        "test_reading.py::test_a_sentence_is_cut_into_clauses",
        "test_explained.py::test_what_is_called_false_explains_nothing",
    ],
    187: [
        "test_hostile_tidying.py::test_what_tidies_up_after_its_call_is_seen_before",
        "test_stillness.py::"
        "test_nothing_of_a_job_runs_while_the_judge_looks_and_nothing_else_is_held",
        "test_filters.py::test_what_is_to_be_held_still_stays_in_its_group",
    ],
    188: ["test_explained.py::test_sentences_of_the_exercise_itself_explain_nothing"],
    189: [
        "test_judges.py::test_agrees_with_the_label",
        "test_job.py::test_a_file_that_is_filled_as_memory_is_seen",
        "test_job.py::test_a_file_that_is_read_as_memory_is_as_it_was",
    ],
    190: ["test_course.py::test_what_a_notebook_has_started_ends_with_it"],
    191: [f"{RECORDS}::test_the_outputs_of_a_run_that_somebody_sent_execute_nothing"],
    192: [f"{PLACE}::test_a_move_from_elsewhere_is_a_copy_where_anything_can_make_it_one"],
    194: [
        f"{AT_LEVELS}[an attribute by the newer call]",
        f"{AT_LEVELS}[flags of a file that may be read]",
        f"{AT_LEVELS}[the list of mounts]",
        "test_filters.py::test_a_call_that_no_answer_needs_is_refused",
    ],
    195: [
        f"{AT_LEVELS}[a list of others' sockets]",
        f"{AT_LEVELS}[a line to another answer]",
    ],
    196: [f"{AT_LEVELS}[timers of a whole account]"],
    197: [
        "test_overdue.py::test_no_judging_outlives_its_limit_by_more_than_two_seconds",
        "test_erasing.py::test_what_has_to_make_room_is_moved_away_and_counted",
        f"{PLACE}::test_however_much_is_left_it_is_gone_when_the_judge_has_ended",
    ],
    206: [f"{AT_LEVELS}[a larger socket]", f"{AT_LEVELS}[a larger pipe]"],
    204: [
        f"{AT_LEVELS}[memory that is filled at once]",
        f"{AT_LEVELS}[memory that is filled at once, later]",
        f"{AT_LEVELS}[memory that stays]",
    ],
    205: ["test_filters.py::test_what_is_to_be_held_still_stays_in_its_group"],
    202: ["test_hidden.py::test_only_what_is_hidden_is_not_read"],
    209: [
        f"{AT_LEVELS}[the name of the machine]",
        f"{AT_LEVELS}[the users of the machine]",
    ],
    208: ["test_judge_3.py::test_folders_that_an_answer_brings_are_looked_through_down_to_a_depth"],
    207: [
        f"{AT_LEVELS}[much that nobody reads]",
        "test_sandbox.py::test_is_stopped_in_time_and_leaves_nothing"
        "[connections that no process has any more]",
    ],
    201: [
        "test_memory.py::test_memory_is_counted_also_while_a_process_has_stopped",
        "test_job.py::test_what_is_done_while_the_judge_looks_is_no_answer_of_the_judges",
    ],
    200: [f"{AT_LEVELS}[a socket that lingers]"],
    199: [
        f"{AT_LEVELS}[a server of datagrams, from one of a pair]",
        f"{AT_LEVELS}[an abstract server of datagrams, from one of a pair]",
        "test_filters.py::test_a_call_that_no_answer_needs_is_refused",
    ],
    220: [
        "test_mapped.py::"
        "test_what_cannot_be_told_of_memory_counts_against_who_writes_over_an_output"
        "[more files than are looked at]",
        "test_mapped.py::"
        "test_what_cannot_be_told_of_memory_counts_against_who_writes_over_an_output"
        "[more bytes than are looked at]",
    ],
    221: [
        "test_mapped.py::"
        "test_what_cannot_be_told_of_memory_counts_against_who_writes_over_an_output"
        "[another file, while a thread runs]",
        "test_mapped.py::test_what_cannot_be_told_of_memory_costs_nothing_who_moves_into_place",
        f"{AT_LEVELS}[descriptors that processes share]",
    ],
    222: [f"{AT_LEVELS}[what the judge was started with]"],
    223: ["test_hostile_lines.py::test_processes_end_in_time_also_while_their_judge_is_busy"],
    219: [
        f"{AROUND}::test_an_account_that_may_less_than_right_answers_need_is_no_fault_of_theirs",
        "test_job.py::test_what_the_watcher_of_an_answer_lacks_is_not_held_against_it",
        "test_job.py::test_what_the_judge_lacks_is_not_held_against_an_answer",
        "test_job.py::test_a_job_whose_processes_are_killed_from_outside_ends",
    ],
    198: ["test_hostile_class.py::test_a_class_is_not_collected_into_itself"],
    215: ["test_memory.py::test_memory_is_counted_also_where_the_first_thread_has_ended"],
    216: [
        f"{AT_LEVELS}[memory that waits in a pipe]",
        f"{AT_LEVELS}[rules of its own]",
        f"{AT_LEVELS}[a list of who may read a file]",
    ],
    218: [
        f"{AT_LEVELS}[pages of a file in a pipe]",
        f"{AT_LEVELS}[large pages]",
        f"{AT_LEVELS}[large pages, later]",
        f"{AT_LEVELS}[watches, of which an account has few]",
    ],
    217: [f"{AT_LEVELS}[a filter of its own]"],
    193: [
        "test_judge_3.py::test_what_an_answer_brings_by_the_thousand_is_litter_and_fills_no_memory"
    ],
}
