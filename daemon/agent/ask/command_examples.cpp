#include "daemon/agent/ask/command_examples.hpp"

namespace volt::agent {

// clang-format off
const char* const command_examples = R"(
## voltctl status
Answers: What does the house draw right now? How much power are we using? Is the battery charging or discharging? What is the status of
the site? How is everything doing? How are we doing? What is the sun doing? What is the battery doing? What are the miners
doing? What is the fan doing? How are things? Give me an overview. What is running right now? Which loads are on? Which loads
are running? Which miners are running? Is anything running? Which heaters are on? Is LOAD on? Is LOAD running? Is LOAD off? How
warm is it in the room? What is the temperature in ZONE? How hot is ZONE? What is the bank at? What is the current consumption?
Are we importing from the grid now? How much sun do we get now? What stage is the charger in? Is the inverter on? What is the
battery current? How many volts does the bank have? How many amps go into the battery? How many watts come from the panels? How
many loads are on? How many miners are on? What is the temperature of the battery? How warm is the battery? What is drawing
power? What is using so much power? How is the battery? How is the battery looking? What is LOAD doing? Is LOAD mining? Are we
charging? How much power is the house pulling? How many amps flow? Give me a summary. How is it going? Is the battery full? Is
the battery empty? What does the GX report? How much power goes into the battery? What is the load of the inverter? How many
watts do the loads draw? How much do the miners draw? How much power do the miners use? How much does LOAD draw? What is LOAD
drawing? What is the fan level? At what speed is the fan? Is the heater of ZONE on? Are the miners on? What is LOAD up to? Is
LOAD switched on? Is anything switched on? Are the fans running? Is the heater running? Is the fan on? Are both miners running?
Is the miner on? Is the miner running? How fast is the fan? What speed does the fan have? How warm is it? How loud is the fan?
Is it warm in ZONE? How hot is it in ZONE? What is the temperature of the rooms? How cold is it in the room? What is the night
reserve? Is there enough for the night? How much is the night budget? How much energy is reserved for the night? Will the
battery last the night? Does the battery last until morning? Do we have energy left? Will the battery last through the night? Is
the battery good for the night? How much battery is there for the night? How much energy is in the battery? Which sources are
online? Which sources are live? Which source is used? Where does the voltage come from? What is the source of the voltage? Are
all sources online? Is the GX online? Is the inverter online? Is a source offline? Is the grid on? Does the house run on battery
or grid? Do we run on the grid? Are we on battery? How much grid power is there? How much do we get from the grid? How much
solar is there? Do the panels produce? Is the sun producing? What is the excess? How much excess power is left? How much solar
power is left over? Are we in shadow? Are we in shadow or live? What is the state of the site? Are we live? Is voltd live? Is
the site in shadow mode? Does voltd switch anything? Is the battery cold? Is the battery warm? Is the battery low? How low is
the battery? What is consuming power? Who is consuming the power? What is on? What is off? Which miners are off? Which loads are
off? What is the battery power? Is the battery fine? Can I see the status? How is the charge of the battery? What is the
voltage? What is the load? Load? Voltage? Battery? Solar? Consumption? Power? Temperature? How is the solar? Is there sun? Which
fans are on? Overview? Summary?

## voltctl explain [LOAD]
Answers: What keeps LOAD off? What is LOAD waiting for? What would it take for LOAD to start? When will LOAD start? When does LOAD go on?
What blocks LOAD? What has to happen before LOAD runs? Since when is LOAD off? How long has LOAD been on? Why is my miner not
mining? Why is nothing running? Why is the heater off? Why is the fan running? Why is the fan so loud? What keeps the loads off?
What is missing for the miner to start? What would make LOAD stop? Explain LOAD. Which conditions are not met? Why is LOAD still
running? Why does it not come on? What stops LOAD from running? What prevents LOAD from starting? What is keeping the miner from
starting? Why is the fan going full blast? Will LOAD start soon? When is LOAD going to start? What needs to change for LOAD to
start? When will the miner come back on? When will the heater turn on? When will LOAD stop? What does LOAD need to start? Which
gate blocks LOAD? How long has LOAD been off? How long has LOAD been running? For how long is LOAD off? What is the reason that
LOAD is off? Why are all the loads off? Why is LOAD doing nothing? Why is LOAD idle? Why is LOAD just sitting there? Why is LOAD
heated? Why is the fan off? Why is the heater on? Why is the relay of LOAD off? What is up with LOAD? What is wrong with LOAD?
Why has LOAD not started? Why did LOAD not start? Why did LOAD not run? Why has LOAD not run? Why is LOAD not on? Why is LOAD
stopped? What is the problem with LOAD? What does LOAD wait for? What does LOAD still need? What does LOAD still need before it
starts? What needs to happen for LOAD to start? What has to change for LOAD to run? Why is there no heat in LOAD? Why is it cold
in LOAD? Why is it so hot in LOAD? Why is LOAD cold? Why is LOAD not heated? Why does LOAD not heat? Why is the fan of LOAD
loud? Why is the fan of LOAD on? Why is the heater of LOAD off? Why is the heater of LOAD not on? Why is LOAD so loud? Why are
the fans so loud? Why do the fans run? Why are the fans on? Why does the fan not run? Why is no miner running? Why are the
miners not running? Why do the miners not run? Why am I not mining? Why are we not mining? Why is nothing on? Why is everything
off? Why does nothing start? Why does nothing run? Why did nothing start? Why do the miners not start? Why is the sun producing
and nothing running? Why are no loads on although the sun produces? Why is the battery full and nothing running? What stops the
miners? What prevents the miners from starting? What are the miners waiting for? When does the miner start? When do the miners
start again? When will the miners run? When does LOAD run? When will LOAD run? Will LOAD run? Will LOAD start? Can LOAD start?
Is LOAD allowed to start? May LOAD run? What would LOAD need? How long will LOAD run? How long will LOAD be off? Why is LOAD
running although the sun is down? Why is LOAD on at night? Why does LOAD run at night? Why does LOAD still run? Why does LOAD
not stop? Why does LOAD run? Explain everything. Explain the loads. Why is each load on or off? What is the state of LOAD and
why? Is LOAD off and why? How long have the miners been off? Why is the battery low and LOAD on? Why is LOAD off with a full
battery?

## voltctl explain charge
Answers: May the battery be charged? Is the battery too cold to charge? Is the battery too cold to be charged? Is the battery too full to
charge? What is stopping the charger? What stops the charging? Are we allowed to charge? May we charge? Is charging allowed? Is
charging blocked? Is charging stopped? Is the battery allowed to charge? Can the battery be charged? Can the battery charge in
the cold? Why is it not charging? Why are we not charging? Why does it not charge? Why does the charger not work? Why is the
charger doing nothing? Why is the charger stopped? Why is the battery not charging although the sun produces? Why does the sun
not charge the battery? Why does the solar not go into the battery? What prevents charging? What prevents the battery from
charging? What blocks the charger? Why may the battery not be charged? Why will the battery not charge? What is up with the
charger? What is wrong with charging? Why is the charge blocked? When will it charge? When does the battery charge? Is it too
cold to charge? Is the charger blocked?

## voltctl alarms
Answers: Are there warnings? Is everything fine? Is all well? Is there something wrong with the system? Which faults are there? What
needs my attention? What should I worry about? Is there an error? Why is the alarm on? What is the alarm about? What is the
matter? What is not working? Is there a problem with a sensor? Is there a problem with a source? Does any sensor fail? What went
wrong? Do I have to do something? Is safe mode on? Are all sources fine? Any trouble on the site? Is the site healthy? Which
alarm is critical? Is there an alarm? Is any alarm on? Are any alarms on? Which alarms are on? Which alarms are there? Show the
alarms. What is that alarm? Why is there an alarm? Why did the alarm start? Why is there a warning? Are there problems? Is there
any trouble? Which problems are there? What does the alarm mean? Do we have alarms? Any alarms? How many alarms are there?
Current alarms? Do I need to fix something? What needs fixing? What has to be fixed? What has to be repaired? Does something
need my attention? Is something failing? Are any sensors failing? Which sensor is failing? Which source is failing? Is a sensor
lost? Is a sensor offline? Is a source lost? Is the broker online? Did something break? Did any sensor stop? Did something fail?
Did anything fail? Did a sensor fail? Is the system fine? Is everything working? Is everything running fine? Are there critical
alarms? Are there open alarms? Is anything critical? When did the alarm start? Since when is the alarm on? How long has the
alarm been on? Is anything off that should be on?

## voltctl outputs list
Answers: How much power does each relay measure? Which devices are connected? Do all outputs respond? Which relay is not reachable? List
the outputs. What leases do the outputs have? Is the relay of LOAD online? Show the relays. Show me the outputs. What is the
state of the relays? How are the relays? Which relays are on? Which relays are off? Which relays are online? Which relays
respond? Are the relays online? Are the outputs online? Is any relay offline? Are any relays offline? Which plugs are offline?
Does the relay of LOAD respond? Does the plug of LOAD respond? Is the plug of LOAD on? Is the relay of LOAD on? Which relays do
you control? How many relays are there? How many outputs do we have? What power do the relays measure? What does the plug of
LOAD measure? What does the relay of LOAD report? How much power does the plug of LOAD measure? How long do the leases last? How
long is left on the leases? How long is the lease of LOAD? What is the lease of LOAD? Is the lease of LOAD fine? When were the
outputs proven? Which leases are proven? Is any device offline? Is anything offline? Which devices are offline? Are all devices
online? Which devices are online? Did a relay drop off the wifi? Which relays are closed? Which relays are open? What did the
relays confirm? State of the switches? How are the switches? Are all switches online?

## voltctl mode
Answers: What is the operating mode? Which mode is on? Which mode is set? What mode is it? Current mode? Operating mode? What mode do we
run in? Is it balanced? Are we in conservative? Are we in aggressive mode? Are we balanced? Is the mode still conservative? Is
it on aggressive? Is the site aggressive? Is the mode off? Which modes can I choose? Which modes can I pick? Which modes do you
have? List the modes. Show the mode. How aggressive are we? Is the site in off mode?

## voltctl prefs show
Answers: What timezone is the site in? What time zone is configured? Which thresholds are set? At what voltage does everything shut down?
Show the battery thresholds. What is the capacity of the bank set to? What is the night budget set to? What is the reserve? What
is the reserve set to? What reserve do we hold? How much reserve is held for the night? Which reserve is set? What are the
thresholds? What are the thresholds of the site? What are the limits of the site? Where are the thresholds? Where is the
critical threshold? What thresholds do we have? Show all thresholds. List the thresholds. Which voltage thresholds do we have?
What is the low voltage threshold? What is the low voltage? What is the low battery set to? What counts as low? What voltage
counts as low? What voltage counts as critical? What voltage is critical? When is the battery low? When is the battery critical?
When is the battery empty? When does everything stop? When do all loads stop? At what voltage do all loads stop? At what voltage
does voltd shut everything off? At how many volts does everything stop? At what voltage does the site stop? What voltage stops
everything? At what voltage does the site recover? What is the restart voltage? What is the recovery voltage? What is the
restart voltage after a shutdown? What voltage is full? At what voltage is the battery full? How full is the battery at which
voltage? How big is the battery? What is the size of the battery? What is the capacity of the battery? How many watt hours does
the battery have? What is the bank_wh? What is the bank set to? Show the preferences. Show the settings. List the settings. Show
me all settings. What are my settings? What are the current settings? How is the site configured? What is configured? Which
voltage curve is set? Show the voltage curve. What is the voltage curve? What is the temperature unit? Which time zone? Where is
the site? What is the inverter limit? What is the maximum power of the inverter? What is the battery discharge limit? What is
the night reserve set to? How much reserve is set? What is the budget floor? What are the battery settings? Which preferences
are set?

## voltctl miners list
Answers: What are the start voltages of the miners? What are the stop voltages? Which miner starts first? In what order do the miners
start? In which order will the miners start? Which miner comes on first? Which miner goes off first? Which ASICs are set up? How
many miners do we have? Miners? Which miners do we have? Show the miners. Show me all miners. Which miners are there? What order
are the miners in? What is the order of the miners? In which order do the miners stop? Which miner gets power first? Which miner
is first? Which miner stops first? Which miner is the last to start? Which miner has priority? What is the priority of each
miner? Which miner comes first when the sun is up? At what voltage do the miners start? At what voltages do the miners stop?
When do the miners stop? At how many volts do the miners start? What thresholds do the miners have? What are the thresholds of
the miners? What are the settings of the miners? How are the miners configured? What are the miners set to? Which miner draws
the most? How much power do the miners need? How many watts is each miner? Which miners are disabled? Is any miner disabled? Are
all miners enabled? Which miners may run at night?

## voltctl miners show MINER
Answers: When does MINER quit? What is the start voltage of MINER? What is the stop voltage of MINER? What priority does MINER have? How
is MINER configured? How many watts is MINER rated at? What is the minimum run time of MINER? How often may MINER start? Which
hours may MINER run? What is MINER set to? Show me the configuration of MINER. What is MINER set to start at? When does MINER
start by voltage? When does MINER stop by voltage? What voltage does MINER need? What voltage does MINER need to start? What
voltage does MINER start at? What voltage does MINER stop at? At how many volts does MINER start? At how many volts does MINER
stop? How low may the battery be for MINER? How low does the voltage get before MINER stops? What are the start and stop
voltages of MINER? Start voltage of MINER? Stop voltage of MINER? What is the emergency voltage of MINER? What are the
thresholds of MINER? Show MINER. Show the settings of MINER. Settings of MINER? How is MINER set up? What is the setup of MINER?
How much power does MINER need? How much power is MINER rated for? What is the rated power of MINER? What is the power of MINER
set to? How many watts does MINER need? How long must MINER run? How long must MINER run at least? How long must MINER stay on?
How long must MINER rest? How long may MINER run? How long does MINER run at most? How many hours may MINER run? During which
hours may MINER run? When may MINER run? What is the schedule of MINER? What hours does MINER run? What are the hours of MINER?
How many starts may MINER have? Which room is MINER in? In which zone is MINER? Is MINER enabled? Does MINER need sun? How much
sun does MINER need? Does MINER need excess? What is the priority of MINER?

## voltctl zones list
Answers: At what temperature do the fans start? What are the temperature thresholds of the rooms? Zones? Rooms? Which rooms do we have?
How many zones do we have? Which zones have a heater? Which rooms have heat? Which rooms are heated? Which fan temperatures do
the rooms have? Which rooms have a fan? Show the rooms. Show the zones. What are the settings of the rooms? How are the rooms
configured? When do the fans start? When does the fan start? When do the fans start by temperature? At what temperature does the
fan start? At what temperature does the heater start? At what temperature do the heaters start? When do the heaters start? How
hot may the rooms get? How hot may a room get? When is a room too hot? What temperature are the rooms set to? Which sensors do
the rooms have? Which sensor is in which room? What are the thresholds of the fans? What are the thresholds of the heaters? What
is the threshold of the fan? What is too hot?

## voltctl zones show ZONE
Answers: What temperature is ZONE set to? What is the heating threshold of ZONE? Show ZONE. Show the settings of ZONE. Settings of ZONE?
How is ZONE set up? What are the thresholds of ZONE? What is the threshold of the fan of ZONE? What is the threshold of the
heater of ZONE? What are the temperature thresholds of ZONE? What temperature is too hot for ZONE? How hot may ZONE get? How
cold may ZONE get? How warm may ZONE be? When is ZONE too hot? When is ZONE too cold? At what temperature is ZONE too hot? At
what temperature does the heater of ZONE stop? At what temperature does the fan of ZONE stop? When does the fan of ZONE start by
temperature? What temperature starts the fan of ZONE? What temperature starts the heater of ZONE? At how many degrees does the
fan of ZONE start? At how many degrees does the heater of ZONE start? What temperature is the fan of ZONE set to? What
temperature is the heater of ZONE set to? Which sensor does ZONE have? Which heater does ZONE have? What is ZONE set to? Does
ZONE block charging?

## voltctl settings history [--row LOAD]
Answers: What did I change? Show me the changes of the settings. Has someone edited the preferences? What was this setting before? Did
anyone change the mode? Who changed the mode? Were the settings changed recently? What has been changed in the configuration?
Who changed LOAD? Who changed the settings of LOAD? Has anyone changed LOAD? Has someone changed the settings of LOAD? What was
changed for LOAD? What changed for LOAD? Show the changes of LOAD. When was LOAD changed? Who changed the start voltage of LOAD?
When was the start voltage of LOAD changed? What changes were made to LOAD? Which settings of LOAD were changed? Were the
settings of LOAD changed? Who set the start voltage of LOAD? Who disabled LOAD? Who enabled LOAD? Did anyone change LOAD?
History of the settings of LOAD? Who changed the schedule of LOAD? Who changed something? Who changed anything? Who changed the
thresholds? Who changed the reserve? Who changed the configuration? Who set this? Who set the voltage? Who disabled the miner?
Who changed the miner? Who changed the battery settings? Who was the last to change something? Who made changes? Did someone
change anything? Did anyone change the settings? Did someone change the thresholds? Did anyone change the configuration? Has
anyone changed the configuration? Has anyone made changes? Has someone changed the thresholds? Has anybody changed the reserve?
What changed? What changed in the settings? What has changed? What got changed? What was changed? Which settings changed? Which
setting was changed last? Which changes were made? What were the last changes? When was the reserve changed? When was the mode
changed? When did the settings change? When did I change the settings? When did someone change the start voltage? When was the
last change? Show the changes. List the changes. Show the last changes. Show who changed what. Show the history of the settings.
Settings history? Changes of the settings? Were the thresholds changed? Were there changes? Was anything changed? Was the start
voltage changed? Was the reserve changed? Did the settings change? Did the thresholds change? Did I change anything? What did we
change? How did the settings change?

## voltctl history --list
Answers: What is recorded? What do you record? What does the system record? What do you log? What do you measure? What data do you keep?
What data is recorded? What data is there? Which data do you have? Which data is stored? Which series are there? Which series do
you have? List the series. List all series. Show the series. What series are available? Which series can be plotted? What can I
plot? What can I graph? Which measurements are stored? Which values are recorded? Which readings are kept? What history do you
keep? What history is available? Which graphs can I see? What is being recorded? What is tracked? Which metrics are recorded?
Names of the series? What curves are available?

## voltctl history battery.voltage_v [--from TIME]
Answers: How was the battery? How was the voltage? How has the voltage been? How has the battery been? How did the battery hold up? How
did the battery behave? How did the voltage behave? How did the voltage change? What did the voltage do? What did the battery
do? Show the battery history. Plot the battery. Plot the voltage. Plot the curve of the voltage. What was the curve of the
voltage? Graph of the voltage. Draw the voltage. Voltage of the battery over time? History of the voltage? What was the voltage?
What were the voltages? How many volts did we have? How many volts did the battery have? Did the voltage hold? Show me how the
battery did.

## voltctl history battery.voltage_min_v [--from TIME]
Answers: How low was the voltage? How deep did the battery go? How deep was the battery discharged? What was the minimum of the battery?
What was the minimum voltage? What was the lowest the battery got? When was the battery lowest? When was the voltage lowest?
When was the battery at its lowest? Plot the lowest voltage. Show the minimum of the voltage. Did the battery get low? Did the
voltage drop? Was the battery low? Did the battery drop? How far did the battery drop? How far down did the battery go? What was
the low of the battery?

## voltctl history battery.voltage_max_v [--from TIME]
Answers: What was the maximum of the battery? What was the maximum voltage? Plot the highest voltage. What was the peak of the battery
voltage?

## voltctl history battery.soc_pct [--from TIME]
Answers: How full did the battery get? How empty did the battery get? Was the battery full? Did the battery get full? When was the
battery full? When was the battery fullest? How many percent did the battery have? What percentage did the battery have? Graph
the battery level. How did the battery level develop? Was the battery empty? Did the battery fill up?

## voltctl history battery.current_a [--from TIME]
Answers: How many amps did we charge with? How many amps did the battery deliver? Graph the amps.

## voltctl history battery.power_w [--from TIME]
Answers: When did the battery charge? Did the battery charge? Was the battery charged? Was the battery charging?

## voltctl history power.pv_w [--from TIME]
Answers: What was the peak of the solar power? How much sun did we get? How was solar? How much solar was there? How was the sun? When
did the sun come up? Plot the sun. Plot the solar production. Plot the solar power. Plot the curve of the sun. What was the
curve of the sun? Graph of the sun. How much did the panels produce? How much solar power did the panels produce? How much power
did the panels produce? How much did we produce? How much solar did we produce? How much did the sun produce? How much power did
we get from the sun? What did the panels do? What did we produce? What did the sun produce? How much PV was there? How much PV
power was there? How good was the sun? Was there sun? Was the sun good? Did we get any sun? Did the panels produce anything? Did
the sun shine? When was the most sun? When did the panels produce the most? When was the peak of the sun? When did the sun go
down? When did the panels start to produce? What was the peak of the PV power? What was the highest solar power? What was the
maximum PV? How many watts did the panels produce? How has the sun been? How has solar been? How long was there sun? How long
did the panels produce?

## voltctl history power.load_w [--from TIME]
Answers: When did we use the most? Plot the consumption. Plot the load. Graph of the consumption. How much did we consume? How much power
did the house draw? How much power did we draw? How much energy did we use? How much did everything use? How much electricity
did we use? How much did we burn through? How was the consumption? What was the consumption? What did the house use? What did we
use? What was the load? What was the house load? What was the peak of the consumption? What was the highest load? When was the
consumption highest? When did the house draw the most? When was the load highest? How many watts did the house draw? How many
watts did we use? How has the consumption been? How did the consumption develop? How did the load develop?

## voltctl history power.grid_w [--from TIME]
Answers: How much did we get from the grid? How much grid power did we use? How much grid did we use? How much did the grid deliver? What
did we import? What came from the grid? What was the grid power? Did we draw from the grid? Did we import from the grid? Did we
import anything? Did we use the grid? Was the grid on? Were we on the grid? When did we draw from the grid? When did we use the
grid? When was the grid used? When did we import? How long were we on the grid? How often did we use the grid? How was the grid?
Did we export to the grid?

## voltctl history battery.temperature_c [--from TIME]
Answers: What was the battery temperature? What was the lowest temperature of the battery? What was the highest temperature of the
battery? What was the lowest battery temperature? How warm was the battery? How cold was the battery? How hot did the battery
get? Was the battery cold? Was the battery too cold? Did the battery get cold? Did the battery get hot? When was the battery
coldest? When was the battery warmest? How has the battery temperature been?

## voltctl history miner/MINER.running [--from TIME]
Answers: Show when MINER was on. Show when MINER ran. Plot when MINER was on. Show the runs of MINER. Show the runtime of MINER. Plot the
runs of MINER. Plot the running of MINER. Plot MINER. History of MINER running? Run times of MINER? Runs of MINER? How long did
MINER run? How long was MINER on? How long was MINER running? How many hours did MINER run? How many hours was MINER on? How
much did MINER run? What were the run times of MINER? How long did MINER mine? Which hours did MINER run? Which hours was MINER
on?

## voltctl decisions [--load LOAD] [--reason REASON] [--from TIME]
Answers: What did LOAD do? Why was LOAD switched off? Why did LOAD stop? Why did LOAD start? What happened to LOAD? Did LOAD run? When
did the miners run? What was turned on? What was turned off? Which decisions were made? When did it last start? List the last
decisions. What did the controller do? What did the heater do? Why did everything stop? Did anything run? Why did LOAD shut
down? Why did the fan start? Why did the heater stop? How many times did LOAD start? How many starts did LOAD have? What time
did LOAD stop? What time did the heater go off? When did the heater go on? When was the last time LOAD ran? When did the fan
start? How often did the miners stop? Why did LOAD run? Why was LOAD running? Why was LOAD off? Why was LOAD on? Was LOAD on?
Was LOAD running? Was the heater on? Did the heater run? Did the fan run? What happened to the miners? Which loads ran? Which
loads were on? Which loads were off? What happened to the loads? What happened to everything? What has happened? What was
happening? Did anything happen? Anything happen? What has voltd done? What has been switched? What got switched? What was
switched off? What was switched on? What got turned off? What got turned on? What has been turned off? What was stopped? What
was started? What stopped? What started? What ran? What went off? What went on? What has run? What shut down? What was shut
down? Which loads were switched? Which loads were stopped? Which loads were started? Which loads were switched off? Which loads
were turned off? Which loads stopped? Which loads started? Which miners ran? Which miners were stopped? Which miners were
switched off? Which miners stopped? Which miners were started? Which miner ran? Was anything switched? Was anything switched
off? Was anything stopped? Was a miner stopped? Was LOAD stopped? Was LOAD switched off? Was LOAD turned on? Has LOAD run? Has
LOAD been on? Has LOAD been running? Did LOAD start? Did LOAD stop? Did LOAD come on? Did LOAD turn off? Did the miners run? Did
the miners stop? Did the miner run? Were the miners on? Were the miners running? Were any miners on? Was any miner on? Was the
fan on? Did the fans run? Were the fans on? What has LOAD been doing? What has LOAD been up to? What has the controller been up
to? What has voltd been up to? What have the miners been up to? What have the miners done? What did the miners do? What happened
with LOAD? What was LOAD doing? What did the fan do? What did the fan of LOAD do? What did the heater of LOAD do? Did the heater
of LOAD run? Did the fan of LOAD run? When did the heater of LOAD start? When did the heater of LOAD run? When was the heater of
LOAD on? When did the fan of LOAD start? When did the fan of LOAD run? When was the fan of LOAD on? When was the heater on? When
did the heater run? When was the fan on? When did the fan run? When did the heater start? When did the heater stop? When did the
miners start? When did the miners stop? When were the miners on? When was the miner on? When did the last miner stop? When did
everything stop? When did LOAD last run? When was LOAD last on? When did LOAD last start? When did LOAD last stop? When was the
last start of LOAD? When did LOAD shut down? When was LOAD turned on? When was LOAD turned off? When was LOAD stopped? Show the
decisions. List the decisions. List the decisions for LOAD. List everything LOAD did. Show the decisions for LOAD. Show the
decisions of LOAD. Decisions? Decisions of LOAD? Last decisions? What decisions did you make? What decisions were made? What did
you decide? What did you decide for LOAD? What was decided? Which decisions did you make? Which decisions were there for LOAD?
Show what happened. Show what was switched. Show what you did. Show what LOAD did. Show the events. List the events. Which
events were there? What events happened? Show the switching history. Show the switching of LOAD. Show the history of LOAD.
History of LOAD? Show me the event log. How often was LOAD on? How often did LOAD run? How often did LOAD stop? How often was
LOAD switched? How often was LOAD started? How often did the heater start? How often did the fan run? How often did the miners
start? How often did the miners run? How often has LOAD started? How often did LOAD cycle? How many cycles did LOAD have? How
many times did LOAD stop? How many times was LOAD on? How often were the miners stopped? How many starts were there? How often
did everything stop? Why did everything go off? Why was everything off? Why did all loads stop? Why did the miners stop? Why
were the miners off? Why did the miners start? Why did the miner stop? Why was the miner off? Why did LOAD turn off? Why did
LOAD turn on? Why was LOAD stopped? Why was LOAD turned off? Why was LOAD turned on? Why was LOAD started? Why did the fan run?
Why was the fan on? Why was the fan so loud? Why was the heater on? Why did the heater run? Why did the heater start? Why was
the heater off? Why did the fan of LOAD run? Why was the heater of LOAD off?

## voltctl whatif --suggest
Answers: Do we waste solar energy? Would lower start voltages have helped? Would other settings get more solar into the miners? Which
thresholds do you suggest? Which thresholds would you suggest? Which voltages would you suggest? Which voltages do you suggest?
What do you suggest? What start voltages do you suggest? What do you recommend? Any suggestions? Suggestions for the settings?
Any suggestions for the thresholds? Are there better settings? Are there better thresholds? Are there better start voltages?
Which settings would be better? What settings are better? What would be a better start voltage? What would be better voltages?
Could the settings be better? Could the settings be improved? Can the settings be improved? Can the thresholds be improved? Are
my settings optimal? Are the thresholds good? Are the start voltages good? How could the settings be better? How can we improve
the settings? Could we gain energy? Could I gain more energy? Could we get more energy? Could we get more from the sun? Could we
get more from the panels? Can we get more out of the panels? Can the miners get more solar? Could the miners run more? Could the
miners run longer? Could we run longer with other settings? Could we mine more with other settings? Would other settings be
better? Would other voltages be better? Would other thresholds gain energy? Would a lower start voltage help? Would a lower
start voltage be better? Would a lower start voltage give more run time? Would a higher start voltage be better? Would lower
thresholds be better? Would lower voltages have helped the miners to run? Are we wasting solar? Are we wasting sun? Is solar
wasted? Is any solar power wasted? How much solar do we waste? How much sun is wasted? Do we lose solar? Do we miss solar
energy? Which settings would gain energy? Which voltages would gain energy? Which changes would gain energy? What could we gain?
What could be better? What should the start voltages be? What should the thresholds be? Which start voltage should I set? Are we
leaving sun unused?

## voltctl shadow [--since TIME]
Answers: Report of the shadow mode? Show the shadow mode report. Show what voltd would have done. Show what would have been switched.
What would you have done? What would the controller have done? What would the controller have switched? What would you have done
live? What would you have switched? What would you have done in shadow? What would you have done if you were live? What would
voltd have done if it were live? What would have happened? What would have happened in live mode? What would have happened if
voltd were live? What would have happened without shadow mode? What would have run? What would have run in live mode? What would
have started? What would it have done? What would the miners have done? Which loads would have run? Which miners would have run?
Which miners would have been on? When would the miners have run? How often would the miners have started? How long would the
miners have run? How much energy would the miners have used? What would have been turned on? What would have been done? How did
shadow mode do? How did the shadow go? What did the shadow do?
)";
// clang-format on

}  // namespace volt::agent
