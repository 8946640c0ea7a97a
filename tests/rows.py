"""The attacks that were tried, by number, with the tests that show what comes of each now.

A name alone is a file of `answers/attacks`, judged at every level by `test_reproducers.py`; others
are file::test[case].
"""

from rows_later import AT_LEVELS, LATER

MANY_CELLS = "test_hostile_notebooks.py::test_a_file_is_read_at_once_or_refused_in_a_line"
BOMB = (
    "test_hostile_notebooks.py::"
    "test_code_that_is_too_much_for_the_compiler_is_an_answer_that_failed"
)
NAMED = "test_hostile_class.py::test_a_learner_of_any_name_has_a_report_and_a_row"
SILENT = "test_hostile_class.py::test_nothing_that_is_meant_for_a_problem_goes_without_a_row"
EXPORTS = "test_hostile_exports.py"
ANY_GRADEBOOK = "test_hostile_judging.py::test_the_report_is_shown_whatever_the_gradebook_is"

# no such rows
LEFT_OUT = (3, 8, 10, 14, 19, 30, 31, 32, 36, 40, 46, 47, 50, 51, 81, 94, 106)
ROWS = {
    # Lines to the judge
    1: ["01_hang", "test_hostile_lines.py::test_a_job_ends_with_a_reason"],
    2: ["02_hang", "test_hostile_lines.py::test_an_output_that_is_shut_costs_nothing"],
    4: ["test_reproducers.py::test_one_that_hangs_costs_a_class_nothing_but_itself"],
    # Servers, files and users of the machine
    5: ["05_06_servers_by_their_files", f"{AT_LEVELS}[a server by its file]"],
    6: ["05_06_servers_by_their_files", f"{AT_LEVELS}[a server by its abstract name]"],
    7: ["07_mode_of_the_environment", f"{AT_LEVELS}[the mode of the installation]"],
    9: ["09_mode_of_the_results", f"{AT_LEVELS}[a mode by a descriptor]"],
    11: ["11_data_is_a_link_to_the_judges_folder"],
    12: ["12_data_is_a_link_to_a_home"],
    13: ["13_data_is_a_file"],
    15: ["15_folder_of_mode_000", "test_place.py::test_it_is_removed_whatever_is_in_it"],
    16: ["16_17_only_sleeps", "test_place.py::test_nobody_else_enters_the_folder_of_a_job"],
    17: ["16_17_only_sleeps"],
    18: [
        "test_reproducers.py::judged",
        "test_place.py::test_nobody_else_enters_the_folder_of_a_job",
    ],
    20: ["20_keyrings", f"{AT_LEVELS}[a key of the judge's]"],
    21: [f"{AT_LEVELS}[a key for the next]"],
    # Where a machine grants less
    22: ["22_23_27_28_all_that_is_open", f"{AT_LEVELS}[the network]"],
    23: ["22_23_27_28_all_that_is_open", f"{AT_LEVELS}[memory that outlives]"],
    24: [
        "24_imports_late",
        "test_place.py::test_right_answers_pass_where_python_lies_in_roots_home",
        "test_place.py::"
        "test_the_way_to_python_leads_to_what_lies_beside_it_where_landlock_is_missing",
    ],
    25: ["25_daemon", "test_sandbox.py::test_what_is_left_running_ends_with_the_step[daemon]"],
    26: ["26_forks_faster_than_it_is_listed"],
    27: ["22_23_27_28_all_that_is_open", f"{AT_LEVELS}[a new file]"],
    28: ["22_23_27_28_all_that_is_open", f"{AT_LEVELS}[a signal to the parent]"],
    # Points that were not earned
    29: ["29_crash_safe_by_size"],
    33: ["33_replay"],
    34: ["34_full_width_digits"],
    35: ["35_output_of_64_mb"],
    37: ["37_sparse_output"],
    38: ["38_surrogate_in_an_error"],
    39: ["39_escapes_in_an_error"],
    41: ["41_problem_2_forged_record"],
    42: ["42_problem_4_stolen_descriptor"],
    43: ["43_problem_4_malicious_pickle"],
    44: ["44_problem_4_number_too_large"],
    45: ["45_problem_5_table_of_parameters"],
    48: ["48_problem_5_moves_the_clock"],
    49: ["49_problem_5_forged_calls"],
    # Limits
    52: ["52_memory_in_sum", "test_memory.py::test_memory_is_counted_over_all_processes_of_a_job"],
    53: ["53_files", "test_job.py::test_folders_without_end_are_gone_afterwards"],
    54: ["54_own_memory"],
    55: ["55_56_expected_answers"],
    56: ["55_56_expected_answers", "test_sandbox.py::test_is_refused[a read of a judge]"],
    57: ["57_traces_the_probe"],
    58: ["58_functions_replaced"],
    59: [
        f"{AT_LEVELS}[a trace of the parent]",
        f"{AT_LEVELS}[a descriptor of the parent's]",
        f"{AT_LEVELS}[memory of the parent's]",
        f"{AT_LEVELS}[the parent's environment]",
        f"{AT_LEVELS}[the root of another process]",
    ],
    60: [
        f"{AT_LEVELS}[more processes]",
        f"{AT_LEVELS}[more memory]",
        f"{AT_LEVELS}[programs in the kernel]",
        f"{AT_LEVELS}[counters of the processor]",
        f"{AT_LEVELS}[faults that are handled]",
        f"{AT_LEVELS}[the kernel's settings]",
        f"{AT_LEVELS}[limits of the parent]",
    ],
    61: [f"{AT_LEVELS}[namespaces]", f"{AT_LEVELS}[more processes]"],
    62: [
        f"{AT_LEVELS}[a mount]",
        f"{AT_LEVELS}[a mount of the newer kind]",
        f"{AT_LEVELS}[another root]",
    ],
    63: [
        f"{AT_LEVELS}[a device]",
        f"{AT_LEVELS}[a new terminal]",
        f"{AT_LEVELS}[raw packets]",
        f"{AT_LEVELS}[the kernel's cryptography]",
    ],
    64: [f"{AT_LEVELS}[a virtual machine's host]"],
    65: [
        f"{AT_LEVELS}[the environment]",
        f"{AT_LEVELS}[a compiled module]",
        f"{AT_LEVELS}[a file of everybody's]",
    ],
    66: [
        f"{AT_LEVELS}[shared memory that outlives]",
        f"{AT_LEVELS}[a queue that outlives]",
        "test_sandbox.py::test_memory_files_of_one_job_are_not_seen_by_the_next",
    ],
    67: ["test_hostile_judging.py::test_a_module_in_the_current_folder_is_not_imported"],
    68: ["68_closes_every_descriptor"],
    69: ["69_a_pipe_over_its_line"],
    70: ["70_descriptors_by_the_thousand"],
    71: [
        "71_anything_as_its_protocol",
        "test_fuzz.py::test_a_step_ends_whatever_is_said_in_it",
        "test_hostile_messages.py::test_values_that_an_answer_forges_stay_data",
    ],
    72: ["72_questions_without_listening"],
    73: ["73_children_that_hear_no_signal"],
    74: ["74_vfork"],
    75: [f"{AT_LEVELS}[a program that is root]", f"{AT_LEVELS}[root]", f"{AT_LEVELS}[groups]"],
    76: ["76_names_of_what_is_left"],
    77: ["77_names_of_any_bytes"],
    # Notebooks and texts
    78: [
        f"{BOMB}[minus signs]",
        f"{BOMB}[not]",
        f"{BOMB}[attributes]",
        f"{BOMB}[a sum]",
        f"{BOMB}[lambdas]",
        f"{BOMB}[calls]",
        f"{BOMB}[branches]",
    ],
    79: [f"{MANY_CELLS}[a cell of short lines]"],
    80: [f"{MANY_CELLS}[23 MB of lists for cells]"],
    82: [f"{MANY_CELLS}[a large picture]"],
    83: [f"{MANY_CELLS}[20,000 cells]"],
    84: [
        f"{MANY_CELLS}[lists without end]",
        f"{MANY_CELLS}[a number of 5,000 digits]",
        f"{MANY_CELLS}[no number]",
        f"{MANY_CELLS}[a key twice]",
        f"{MANY_CELLS}[sources of other types]",
    ],
    85: [f"{MANY_CELLS}[a first line without end]", f"{BOMB}[blanks in brackets]"],
    86: [
        "test_hostile_notebooks.py::test_lines_may_end_in_any_way_and_begin_with_a_mark",
        "test_hostile_notebooks.py::test_a_plain_file_in_any_bytes_is_judged_or_refused_in_a_line",
        "test_hostile_notebooks.py::test_a_plain_file_of_more_than_an_answer_is_refused",
    ],
    87: [
        "test_hostile_notebooks.py::test_a_plain_file_in_any_bytes_is_judged_or_refused_in_a_line",
        "test_fuzz.py::test_a_report_can_be_written_whatever_a_judge_says",
    ],
    88: [
        "88_prose_of_clauses",
        "test_reading.py::test_the_worst_texts_that_were_found_cost_little",
    ],
    89: ["89_prose_of_slips", "test_reading.py::test_the_worst_texts_that_were_found_cost_little"],
    90: ["test_reading.py::test_a_text_is_cut_where_it_is_read[combining marks]"],
    # A class
    91: [NAMED],
    92: [NAMED],
    93: ["test_hostile_class.py::test_an_older_table_stays_where_a_learner_is_called_like_it"],
    95: [NAMED],
    96: [
        "test_hostile_class.py::test_a_link_in_the_place_of_a_report_is_replaced_and_never_followed",
        "test_hostile_class.py::test_results_are_never_kept_where_a_learner_could_have_put_one",
    ],
    97: [SILENT, "test_hostile_class.py::test_a_folder_that_cannot_be_read_has_a_row"],
    98: ["test_hostile_class.py::test_a_folder_that_cannot_be_read_has_a_row"],
    99: ["test_hostile_class.py::test_where_there_is_no_room_nothing_is_left_half_written"],
    100: [
        "test_place.py::test_a_judge_that_is_ended_leaves_no_folder_and_no_process",
        "test_place.py::test_what_a_killed_judge_left_is_swept_and_nothing_else",
    ],
    101: [
        "test_grade.py::test_an_interrupt_keeps_what_was_judged",
        "test_place.py::test_a_judge_that_is_ended_leaves_no_folder_and_no_process",
    ],
    102: ["test_hostile_class.py::test_two_graders_at_once_lose_no_row"],
    103: [
        "test_hostile_judging.py::test_a_fault_of_a_judge_is_one_valid_object_and_exit_code_2",
        "test_grade.py::test_a_warm_process_is_lent_again_unless_a_judge_broke_with_it",
    ],
    # A notebook of one's own, and servers
    104: ["test_gradebook.py::test_two_notebooks_at_once_lose_nothing"],
    105: [
        ANY_GRADEBOOK,
        "test_hostile_judging.py::test_the_report_is_shown_while_another_holds_the_gradebook",
    ],
    107: ["test_hostile_judging.py::test_a_cell_of_any_kind_has_a_report_or_a_line"],
    108: ["test_hostile_judging.py::test_a_cell_that_is_too_much_has_a_report"],
    109: ["test_known.py::test_a_notebook_can_replace_its_own_judge_but_not_that_of_the_class"],
    110: ["test_cli.py::test_notebooks_of_one_name_have_a_copy_each"],
    111: ["test_cli.py::test_what_executes_a_file_says_so"],
    112: ["test_secrets.py::test_prefects_server_answers_only_who_knows_the_secret"],
    113: ["test_secrets.py::test_airflows_server_gives_no_token_to_strangers"],
    # What a fresh attack found
    114: ["114_litter_beside_calls_that_raise"],
    115: ["115_forged_returns"],
    116: ["116_problem_5_logs_every_number"],
    117: [
        "117_problem_5_logs_without_end",
        "test_hostile_messages.py::test_logs_without_end_are_sorted_at_once",
    ],
    118: [
        "118_problem_4_takes_every_lock",
        "test_hostile_warm.py::test_an_answer_that_takes_every_lock_costs_the_next_one_nothing",
        "test_hostile_warm.py::test_a_warm_process_has_no_memory_that_answers_could_share",
    ],
    119: [f"{MANY_CELLS}[indented cells of short lines]"],
    120: [f"{MANY_CELLS}[a thousand answers that stand too low]"],
    121: ["test_hostile_notebooks.py::test_what_is_said_of_a_cell_can_be_printed"],
    122: [f"{EXPORTS}::test_nothing_in_a_learners_folder_says_whose_it_is"],
    123: [f"{EXPORTS}::test_a_list_of_gradescopes_leads_nowhere_else"],
    124: [
        f"{EXPORTS}::test_a_folder_of_any_name_is_one_of_ours",
        f"{EXPORTS}::test_an_entry_of_any_name_costs_only_itself",
    ],
    125: [f"{EXPORTS}::test_a_name_of_any_signs_is_told"],
    126: [f"{EXPORTS}::test_a_time_of_any_year_is_read_or_left_out"],
    127: [
        f"{EXPORTS}::test_a_path_that_is_too_long_has_a_line",
        f"{EXPORTS}::test_a_folder_that_cannot_be_read_has_a_line",
    ],
    128: [f"{EXPORTS}::test_a_pipe_is_not_waited_for"],
    129: [
        f"{EXPORTS}::test_not_all_files_are_held_at_once",
        f"{EXPORTS}::test_an_archive_in_an_archive_holds_not_more_than_one_may",
    ],
    130: ["130_problem_2_forged_types"],
    131: [NAMED],
    132: ["test_hostile_class.py::test_a_learner_of_any_name_has_a_page_and_is_forgotten_alone"],
    133: ["test_hostile_class.py::test_a_cell_is_read_as_it_was_written"],
    134: ["test_hostile_warm.py::test_an_account_that_runs_much_else_costs_an_answer_nothing"],
    135: ["test_grade.py::test_a_later_answer_cannot_know_its_inputs"],
}
ROWS |= LATER
