# The house needs the bank's energy until the sun returns: at dusk nothing is spare, at any voltage.
set site.bank 20800
20:00:00  v=53.15 pv=0 house=1000 batt=-1000 sunny=no | s21=off:budget s19=off:*
20:02:00                               | s21=off:budget s21.voltage=passes:53.15/50.00 s21.power=passes:5000/3878
22:00:00                               | all:s21=off
# An override takes precedence.
22:00:10  override.s21=on/10m          | s21.budget=waived s21=starting:override_on
22:10:10                               | s21.override=auto s21=on:running
# min_on_s is over by then, and five minutes later the budget has failed for ten times the hold.
22:15:09                               | s21=on
22:15:10                               | s21=stopping:budget
