# Site mode `off` and safe mode, an untrusted clock, and a machine that hangs.
set s21.window 10:00-16:00
set s21.outside no
15:00:00  v=53.00 pv=9000 house=1000 clock=untrusted | s21=off:schedule alarm=clock_untrusted
15:05:00  clock=trusted                | all:s21=off:schedule s21=starting:running no-alarm=clock_untrusted
15:05:01                               | s21=on:running
# An untrusted clock stops no running load.
15:59:00  clock=untrusted              | s21=on:running
16:30:00                               | all:s21=on:running
16:30:01  clock=trusted                | s21=stopping:schedule
16:40:00  set.s21.outside=yes safe-mode=yes | all:s21=off:schedule s21=off:safe_mode
16:45:00  safe-mode=no                 | all:s21=off:safe_mode s21=starting:running
16:46:00  mode=off                     | s21=stopping:mode_off s21.sent=off*1
16:46:01                               | s21=off:mode_off s19=off:mode_off
16:50:00  override.s21=on/2h           | s21=off:mode_off
17:00:00  mode=balanced                | all:s21=off:mode_off s21=starting:override_on
17:00:01                               | s21=on:override_on
17:10:00  override.s21=off/6m          | s21=stopping:override_off
# Hung for six seconds: the start holds restart, and nothing starts at the end of the override before they
# pass.
17:15:50  ticks=stall
17:15:56                               | s21=off:override_off s21.voltage=hold:53.00/50.00:60s
17:16:00                               | s21=off:hold:56s s21.rest=passes
17:16:55                               | all:s21=off:hold
17:16:56                               | s21=starting:running
# Hung for 100 s while it is on: it keeps running, and the lease is renewed only after a good sample.
17:20:00  ticks=stall
17:21:40                               | s21=on:running s21.sent=nothing
17:21:41                               | s21=on:running s21.sent=renewal*1
