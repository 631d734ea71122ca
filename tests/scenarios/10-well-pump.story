# The well pump starts while both miners run: inrush, overload, the dip of the voltage.
12:00:00  v=55.20 pv=16000 house=1850 | stage=float
12:01:00                               | s21=starting:running
12:02:30                               | s19=starting:running
12:15:00                               | s21=on:running s19=on:running base=1850
# The inrush is in one answer and not in the next: less than five seconds over 110 %.
12:20:00  house=8000 v=53.50           | s21=on s19=on
12:20:05  house=6000 v=54.80           | all:s19=on s19.inverter=passes:13128/13200 s21.inverter=passes
12:25:00                               | all:s21=on all:s19=on
# 13,200 W are exactly 110 %, not more.
12:25:05  house=6072                   | s19.inverter=passes:13200/13200
12:30:00  house=6073                   | all:s19=on s19.inverter=blocks:13201/13200
12:30:04                               | all:s19=on all:s21=on
12:30:05                               | s19=stopping:inverter s19.by=13201/13200 s21=on:running s19.sent=off*1
12:30:06                               | s19=off s21=on:running
# It may not restart while that would exceed 12,000 W: 9,951 W of the site plus 3,250 W.
12:30:10                               | s19.inverter=blocks:13201/12000
12:45:00  house=4873                   | all:s19=off s19.inverter=blocks:12001/12000 s21=on:running
12:50:00  house=4872                   | all:s19=off s19=starting:running
