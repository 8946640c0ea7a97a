"""The shape that the package is to have: its rooms by level, and the lines each part may have."""

from itertools import permutations
from pathlib import Path

import workbench

SOURCE = Path(workbench.__file__).parent

# Every other engine is a folder: all on one level, strangers to each other, above the plain one.
ENGINES = sorted(path.parent.name for path in (SOURCE / "engines").glob("*/__init__.py"))
ENGINES.remove("local")
# A room may import from its own level and from those before it.
LEVELS = (
    {"graph", "engines.members", "engines.processes", "engines.sameness", "internals"},
    {"storage", "capture", "events", "masking", "extras", "language", "wording"},
    {"outputs"},
    {"record", "journal", "pipeline", "standins", "received", "breakpoints"},
    {"engines", "engines.protocol", "engines.sabotage", "engines.registry"},
    {"workspace", "scheduler"},
    {
        "engines.local",
        "engines.files",
        "engines.reading",
        "engines.lacking",
        "engines.outside",
        "servers",
    },
    {f"engines.{name}" for name in ENGINES},
    {"opening", "workers", "driver", "seen", "execution"},
    {"folding", "picture"},
    {"gantt"},
    {"comparison", "steering", "catalog"},
    {"sandbox", "prose"},
    {"exercises"},
    {"panel", "trial", "course", "cohort", "doctor"},
    {"feedback", "site", "terminal"},
    {"cli"},
    {"__main__"},
)
STRANGERS = (  # (who, whom): rooms of one level, or below, that know nothing of each other
    ("sandbox", "exercises"),
    ("prose", "exercises"),
    ("prose", "sandbox"),
    ("exercises", "panel"),
    ("exercises", "picture"),
    *((f"engines.{one}", f"engines.{other}") for one, other in permutations(ENGINES, 2)),
)
CORE = (
    *("graph", "events", "record", "journal", "comparison", "pipeline", "storage", "outputs"),
    *("capture", "scheduler", "opening", "workers", "driver", "seen", "execution"),
    *("folding", "picture", "gantt"),
    *(
        "engines.protocol",
        "engines.registry",
        "engines.members",
        "engines.processes",
        "engines.sameness",
        "engines.sabotage",
        "engines.local",
    ),
)
LARGE = {  # engines that need more than the 1,100 lines of any other
    # 95 run a judged answer, 160 the real thing (`standalone`), 80 explain what Airflow 2 wrote,
    # 100 are a triggerer, 80 tell what a task has received, 90 ask a person for a
    # task, 15 say whether its code has changed, 20 ask the real thing with a password, 10 read
    # files before there is a database, 240 find DAGs that a task triggers or whose assets it names,
    # and run them, 245 read a file whose modules are not installed (operators, decorators, groups,
    # triggers), 295 tell before a run that a task lacks a module, a pod, a value, an event, a
    # connection or a variable, 110 that a sensor would wait for hours, or for a run that cannot be;
    # 20 say how a connection is given, 10 copy a dated run, 18 ask when a timetable is due, 25
    # write down what was decided in the order in which it was, 50 load the plugins of a project, 40
    # have the DAGs of a file in its order, 30 know what forbids a retry, and when a DAG ends,
    # 15 give a judged answer variables, and the interval of its data, 27 say how others have ended.
    "airflow": 3325,
    # 140 lend a pipeline folders, images and environments, 60 read conditions, 60 reuse, 160 tell
    # before a run what only a cluster, an image, a bucket or the network has, or nobody tells, or
    # lend it what stands in for that, 10 what a task received, 3 that a group holds no task.
    "kubeflow": 1787,
    # 135 name what is used of its inside, each with why; sync and async tasks are two engines, and
    # a pause that asks a person is a call of its own (120); 95 read in the flow's source where a
    # value came from that Python has only once; 90 end the reading of a script where it would run
    # and lend it the session's server, 115 tell what a flow lacks, 25 whether
    # a call is a task's, or that of whoever goes through the task's values, 35 let one that yields
    # fail where that is asked for.
    "prefect": 1737,
    # 35 tell what an op received, make Dagster's outputs of what stands in for it, hush what it
    # leaves beside a notebook's loop, and spare its database to wait for the disk; 30 hold the
    # files of its log open, which halves what a task costs.
    "dagster": 1165,
    # 60 name what is used of its inside, each with why; 25 run activities, which moto leaves alone.
    "stepfunctions": 1170,
}
# part → rooms, lines at most: all of Python, TOML, JavaScript and CSS that are not blank
BUDGETS = {
    # The contract says of each method whether it may wait, and raise; what stands in for a task
    # passes through opening, record, picture and ticket, a question and its answer (70) through
    # outcome, events, scheduler, driver and run; 65 halt at breakpoints, 75 go on with edited code;
    # an engine may be missing; 7 narrow a picture to a page, 46 say it aloud where it is shown; 2
    # say how a script is read; 18 tell runs that were made here from those that somebody sent; 20
    # start and end an attempt's process for all engines that have one; 55 see what a file holds
    # before it is taken for a record; 6 say what is no command.
    "core": (CORE, 3524),
    # 4 of it for what somebody may have put where an attempt's inputs are kept, 25 for conditions
    # that name nothing, or cannot be told.
    "steering": (["steering", "standins", "received", "breakpoints"], 779),
    # What a file holds; a script is read until it would run, and can be imported afterwards; 75
    # tell from a function's source what it is sure to lack, 140 which host or file it asks in vain.
    "files": (["engines.files", "engines.reading", "engines.lacking", "engines.outside"], 409),
    # What is in anybody's files, read in a process that a file may end, and one of it chosen.
    # Files of data are told from broken pipelines; 10 call a schedule's assets by name.
    "catalog": (["catalog"], 321),
    # 1,000 of Python, with the page and its masking of secrets; 1,400 of JavaScript and CSS: the
    # buttons, slider and tabs that ipywidgets brought before, the player, two of them as one, and
    # a canvas for many attempts; 90 put what is shown into the reader's language; 600 are
    # forms (stand-ins, halts, answers, watches), marks and figures; 1 looks where a file lies
    "panel": (["panel", "masking"], 3201),
    # Of the 600 for site and terminal; 100 of it put what stands around a lesson into a language.
    "site": (["site"], 472),
    # A run in the terminal: what the panel has, as text and keys.
    "terminal": (["terminal"], 228),
    # A small root of its own, and 215 lines of tables: calls that change files or that none needs;
    # 60 see that nothing of an account, of a name or of who started the judge bears on an answer;
    # 10 open a file of whose path no step is a link; 25 see that an answer is ended, and its folder
    # gone, where memory or room is short; 90 make Python of a notebook's notation; 35 see which
    # file becomes memory; 30 end what runs an answer by nothing that this could have replaced, and
    # let threads take no memory; 150 hold a job still while its judge looks, and 20 tell
    # who writes as memory from who reads so; 15 make a copy of a move from elsewhere;
    # 5 say what an error says that may refuse to; 28 count files where no small root bounds them;
    # 125 clear by many hands what was left, and wait for that in the end of the judge; 29 refuse
    # what newer kernels have, and what costs, or tells of, all that run; 31 let a process rest from
    # one step to the next, which has loaded its answer once; 22 let no socket linger, and
    # one of a pair reach nobody else; 13 count what runs on while the judge looks, 25 hide
    # what lies below what may be read where there is no small root; 12 find no module that an
    # answer has made; 22 let no memory be filled at once while it is looked at, no pipe be large,
    # and no process of a held job go on; 14 bound and count what waits in sockets; 22
    # name the machine and its users otherwise; 67 see what functions and classes are made of;
    # 30 end what waits before the time of all is over; 12 take no descriptor from an
    # answer; 38 let none but one of its processes go on while shares of memory are asked for;
    # 29 hold against no answer what its judge, or who watches it, lacks;
    # 25 take for written as memory what cannot be told from it, and read no more than a little; 23
    # take large pages, what one account has few of, and what pipes hold; 2 name the account;
    # 12 end what runs in time while the judge is busy, and tell answers not how it was started;
    # 16 end what is under way where grading is stopped; 17 tell whether calls are refused here;
    # 3 let answers set what no judge asks; 1 lets one go on that stops itself as it is dismissed;
    # 17 take an error as one whatever is told of it, and see when a file was changed last; 15 bound
    # what is said of it, and hear what was said while the judge did not run;
    # 73 count locks and pipes; 3 name the streams as shells do; 44 let nobody hide from /proc; 18
    # count what its files have told, and let no answer have all descriptors under way of an
    # account; 8 know the orders to files that answers need; 21 hand on a StopIteration, hear no
    # error in an exit with 0, and let an answer be as urgent as it likes; 22 write
    # in place.
    "sandbox": (["sandbox"], 3318),
    # Of what is learned it holds the reading: a text as a whole, or its most telling sentence; 70
    # compare the arrows of a sentence with the needs it names; 11 know what is called false, is
    # said of another thing, or wished.
    # 197 know what frames a statement that its writer does not make, or not of a DAG; 17 know what
    # holds but with an exception. 179 doubt what follows from nothing that is known, is turned
    # round, or holds but for most. 320 read what stands around sentences: headings, leads, marks,
    # what is struck out; 20 what else of Markdown nobody sees.
    "prose, its tables": (["prose"], 3185),
    # 160 of it for the places in the lessons where the reader acts, 110 for what stands beside
    # them, 225 for a learner's own folder of it, 50 for the runs that executed copies keep,
    # 60 to tell which cell is under way, and what cells cost, 24 to say an error in a line, 24
    # to name the types of notebooks, 26 to end what cells have started, 11 to say what of a name
    # is too much
    "course, workspace, doctor": (["course", "workspace", "internals", "doctor"], 2028),
    "extras, language, wording": (["extras", "language", "wording"], 130),
    # also commands on anybody's pipelines, the site, and 90 of what people read of a class; 15 for
    # where nobody takes what is printed; 10 ask whether a run is one's own;
    # 20 let no name say anything to the terminal, and no damaged file end in a traceback
    "cli": (["cli"], 1239),
    # A third of it reads what learning systems export and learners name; each layout is a rule. 40
    # pack feedback as Moodle and Canvas take it in, 35 read the words of documents; 80 see that
    # what a learner names says nothing of others, and costs no other's file or line; 130
    # bound what an archive, a document or a name may cost, 45 of them a file that holds any number
    # of archives; 10 find what is changed while it is judged; 15 see that who has an odd name has
    # their decisions; 28 tell who has a file that waits, and of an attempt that lacks what one
    # before it has; 50 say what a setting is and may be, and keep a class out of its own export;
    # 30 hear what a person writes into any line, 45 tell words beside code that lacks them,
    # practice from nothing, a name in another order, and a table that is not there; 51 see that
    # nothing which a learner has packed tells when it was handed in; 87 that of files which hold
    # different things none is chosen silently, nor what the exercise begins with; 19 say of a
    # judged answer what is open, and give no number of one system to another; 119 choose
    # the layout that explains the whole of an export, so that no learner's name for a file is read
    # as whose it is; 31 see that two are not one of the roster, nor a number somebody else's.
    # 99 forget in a class alone and for good, tell what is refused apart, count what was handed
    # in again as it was, total what is asked, and read of a document what is seen; 57 keep what a
    # document is unpacked to, and many files for one problem, from costing anybody else their row;
    # 59 pass over nobody whose file is too large, damaged, or left out by the list of its archive.
    # 7 keep no time of who was forgotten meanwhile, or take it away.
    # 10 know who is no text by what tables say.
    "cohort": (["cohort"], 3540),
    # The pages of a class: 735 of Python, of which 30 put similar answers into groups; 500 of
    # script and style; 5 tell apart answers of which not all is shown, 10
    # show all files of one; 5 decide equal texts otherwise at once.
    "feedback": (["feedback"], 1268),
    # 300 of it try each task of a whole pipeline, and see which file a held call would change
    "trial": (["trial"], 692),
    # 130 of it let in only who knows the secret of the session.
    "servers": (["servers"], 389),
    **{name: ([f"engines.{name}"], LARGE.get(name, 1100)) for name in ENGINES},
}
# An exercise: its judge, its probe and its words. One draws graphs, asks about them, and says which
# sentences a writer may be accused for, whether any is on the topic (20), and which lines of what
# is shown were passed over (35); one reads what Airflow wrote, says why a task was not run, or
# never would be (40), and takes instances of a mapped task as one (15), or would not wait (11), and
# says that a name was given twice (4), or that a start date runs ahead of every run (16),
# and which line was not loaded (13), which task was under way when time was over, that a sensor
# need not wait for its next try, and by what an argument or a task went astray (56); one
# draws tables of every size, whose last row may lack a newline (8), lets the writing fail in each
# way it can, believes no call that never came back (18), looks at the files after each call (50),
# sees what differs in the middle only or lies deep (20), and takes no trial at a cell's end for a
# call and no marker for work (75), has rows that are equal (5), kills a first run, too (10), and
# tries several criteria in one process (12), kills a call and lets another find what that has
# left (45), and says what never began, or what a load lacks (45), has folders apart, sees what
# becomes of a row beside a damaged one, of an error that nobody hears of, and of an input while it
# is read, and says what was raised where something failed (91);
# one runs flows under observation, says of each member of an
# inside that it uses why, reads a saved model without calling what its pickle names, lets its
# server say itself that it failed (45), and sees that what is scored, told and saved is of one
# model, and of rows that are new to it (68), reads what a flow returns or raises whatever it is
# (47), lets Prefect pass over numbers (36), tells a model from its relatives (36), and a run from a
# cell that tries its flow, and a library's classes from what it has imported (19), knows whose work
# is what a pool does (70), trainings for show, blurred rows and accuracies made up (160),
# copies from rows that are alike by chance, and rows that count from others (136), and says what
# else came back, or is there, than was asked for (49), hears the trees of a forest (20), and knows
# which rows came into a model by way of others, and of what asks it (121), how far models agree,
# and so what they may tell, and that no winner's task run has failed (105), and no seconds count
# in which nobody could ask (6), and lets the last win, too (2), and who is right about known rows
# alone, where others are compared (16), that a training ends in its task run, which may be one of
# hundreds, and what a file holds (68), knows a booster that was read back, and what a measure of
# the learner's own measures (97);
# one makes time pass at once, where calls may overlap
# or be made inside each other, in whatever thread and with equal arguments, raises all kinds of
# exceptions (120), and hears what cannot be written as logging does, without an error (5); calls
# overlap without arguments, too (22), and only the waits
# of who calls, or is waited for, count (95), an answer is loaded once and copied for each trial
# (60), calls at once give up, too, also in one another, a cell may end with an error, and one of
# the wrapper's own is told (98), by how it was raised, what was printed in place of a log and a
# failure that was logged where there was none, and one exception that is not retried, alone (149);
# waits may not be longer than short ones that were asked for, and what hangs is told (27);
# none may be drawn, a number may stand beside others, in three languages, and what is handed on is
# told whatever it is (59);
# one for practice sees what a call leaves to the
# next (14), and makes of the file that it is to read (16), or of what else it is handed, sends a
# path from the root, and a source to be quoted, and takes no pairs for a dictionary (22), one
# lets a run go on where something
# beside its way fails (5), and judges one pipeline among drafts, and each way by itself, where but
# one goes by the threshold (47); one hears what a file raises
# while it is loaded (35), and takes no words for printed that are only repeated (11),
# and hears of policies that forbid every retry (11), or of schedules
# by which nothing is late (1), and keeps what tasks leave in variables (10), hears neither what
# Airflow's log repeats nor what loading has left running, and knows how tasks have ended (44), and
# that each of two has words of its own (10).
# A server of a judge's own answers who knows its secret (26). One has
# more in its tables, and nearer older outputs (89), and runs again in another process, too (90),
# and over older outputs of all its tables (46), and hears who gives up on many rows (17), doubles
# what was killed once more, and has older outputs that are as good as right (100), or differ in a
# number that is none, or in the order of columns, and files that change in place (52).
# One draws what an answer could write down of its calls, and tries two functions at once (80), and
# tells what each criterion left to another (26); one knows components by their own names (9).
# One tells a claim from what is denied, counted or announced, and draws what errors are made of,
# what is no JSON, and docstrings (86), makes two criteria's calls in one process (27), and
# lets two calls alternate, and hears what is logged of later ones that succeed (76);
# one lends the process variables and words that were not handed over, looks at what it is to leave
# alone where it refuses, too, and asks nobody twice for what was wrong before (81);
# one looks at what a task gives with all that its pipeline hands it and sets, tells what else
# failed, and has nobody lose who draws (74).
EXERCISE = 350
LARGER = {
    "problem_1": 467,
    "problem_2": 753,
    "problem_3": 1420,
    "problem_4": 2357,
    "problem_5": 1940,
    "practice_1": 488,
    "practice_2": 494,
}
# What all exercises share: 560, 380 to read answers out of what a dozen tools save: cells that were
# merged, and what stands too low in one; 10 for the reader's language, 5 to wait for no file of the
# kernel's, 11 to follow no link and to warn nobody of what somebody else wrote, 20 for parts that
# cannot be read: they are for a person, or their file says how it is encoded; 95 leave out of an
# answer the exercise's own sentences, which whoever hands them back does not assert; 3 know what
# shows one's work, 5 let a judge remark on what is no criterion's, 11 tell a name that was given,
# and let a judge say itself where an answer was stopped; 184 say by one rule what counts of
# cells and files: never what the exercise begins with, nothing silently of two, code by any name;
# 6 say that it is the kernel which refuses; 5 go through no text of an answer's more than once;
# 26 bound the lines and cells that are read of a file.
FACE = 1373
