# Battery full at noon: the charger takes only the power in use, so PV does not show the available power. The dump load
# still starts as held back, and shows that only while it would not pass otherwise.
set site.bridge 0
12:00:00  v=55.20 pv=2300 house=1850 batt=0  | stage=float s21=off:source s19=off:power
12:01:00                               | s21=starting:running s19=off:stagger:90s
12:02:00  pv=5800                      | s21=on:running s19=off:stagger s19.sun=waived:5800/8000 s19.power=waived
12:02:29                               | all:s19=off
12:02:30                               | s19=starting:held_back s21=on:running
12:02:31                               | s19=on:held_back
# Now it draws, and the charger delivers more: by these figures it would run without the rule.
12:03:30  pv=9000                      | s19=on s21=on
12:10:00                               | all:s19=on s19=on:running s19.sun=passes:9000/8000
# 7,700 W for a site load of 8,128 W are still over 90 %: no load stops for lack of sun, at any voltage.
12:20:00  pv=7700 house=1000 batt=-200 v=54.20 | s19=on:held_back s19.sun=waived:7700/8000 s21=on:running
12:50:00                               | all:s19=on:held_back all:s21=on
# One watt more from the battery: sun and excess fail; sun is the more severe.
12:50:05  batt=-201                    | s19=on
12:50:34                               | all:s19=on
12:50:35                               | s19=stopping:sun s21=on:running
12:50:36                               | s19=off
# A run of 48 min that ended by sun rests 600 s. Then the bank is full again.
12:55:00  v=55.20 pv=5000 batt=0       | s19=off:power s19.rest=blocks:264/600:336s
12:56:00                               | s19=off:rest s19.power=waived:122/3250
13:00:35                               | all:s19=off
13:00:36                               | s19=starting:held_back
13:00:37                               | s19=on:held_back
# A cloud in its first minutes: it stops when min_on_s is over, 601 s after the start. The next try comes an hour later.
13:01:35  pv=9000                      | s19=on
13:05:00  pv=6500 batt=-1700           | s19=on:* s21=on
13:05:29                               | all:s19=on
13:05:30                               | s19=on:min_on
13:10:36                               | all:s19=on all:s21=on:running
13:10:37                               | s19=stopping:power
13:10:38  v=55.20 pv=5000 batt=0       | s19=off
13:20:00                               | all:s19=off s19=off:power s19.excess=blocks:122/3500:3037s
14:10:36                               | all:s19=off s19.excess=blocks:122/3500:1s
14:10:37                               | s19=starting:held_back
14:10:38                               | s19=on:held_back s21=on:running
