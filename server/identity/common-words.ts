// Words that people choose as passwords again and again, in lower case: data only. What is done with them is in password-rules.ts.

/** Words for themselves, and with a few digits or signs before or behind. Four letters or more. */
export const commonWords: ReadonlySet<string> = new Set(
  `
access account action adidas admin administrator airborne airplane alabama alaska allstar alpha amazing america american anakin
angel angels animal animals apollo apple apples april aquarius arizona arsenal asshole august austin australia avalon avatar
awesome babe baby babyboy babydoll babygirl backspace badass badboy badger bailey balance ballet banana bandit barcelona barney
baseball basketball bastard batman battery bball bear bears beast beatles beautiful beauty beaver beer benfica berlin bestfriend
bicycle bigboy bigdaddy bigdog billy birthday bitch bitches black blackberry blackjack blackout blessed blessing blink blizzard
blossom blowjob blowme blue blueberry bluebird bluesky bollywood bond booboo booger bookworm boomer boston braves brazil bronco
broncos brooklyn brother brownie bubba bubble bubbles buddha buddy buffalo building bulldog bulldogs bullet bullshit burger
buster butter buttercup butterfly cactus california camaro camera canada cancer candle candy capricorn captain cardinal cardinals
carolina cartman cartoon casino casper castle catch celtic celtics center central champion champions change changeme changeit
chelsea cherokee cherry chester chevelle chevrolet chevy chicago chicken chocolate chopper christ christmas cinderella classic
clover club coffee college colorado comfort common company compaq computer computers confused connect contact control cookie
cookies cooper copper corvette country courage cowboy cowboys crazy creative cricket cristiano crystal cuddles cupcake custom
cutie cyclone daddy dallas dancer dancing danger darkness darkside darling december default delete delhi denver desert design
destiny detroit devil dexter diablo diamond diamonds dickhead diesel digital disney doctor doggie dolphin dolphins dominic domino
donald donkey dragon dragonball dragons dream dreamer dreams driver drowssap drummer ducati eagle eagles eclipse education
einstein election electric elephant elizabeth eminem emperor empire energy engine engineer england enigma enter enterprise
eternity everton everything evolution excalibur explorer express extreme facebook fairy faith falcon falcons family fantasy
fashion father february fender ferrari fighter finance fire fireball firefly fireman firewall fish fishing flamingo florida
flower flowers fluffy flying football forest forever fortune france freedom freefall freeuser french friday friend friends
friendship frisco frog froggy fuckme fuckoff fucker fucking fuckyou future galaxy galore gameover gamer games gandalf ganesh
garden garfield garnet gateway gemini general generation genesis genius georgia germany ghost giants gibson ginger giraffe girl
girls gladiator goblue goddess godzilla gold golden goldfish golf golfer goober good goodluck google gorgeous gorilla grace
grandma grandpa graphics green greenday guardian guest guinness guitar gunner gunners gymnast hacker hahaha halloween hammer
hannah happiness happy hardcore hardware harley harmony hawaii health heart hearts heather heaven hello hellokitty hellothere
helpme hendrix hentai hero hiphop history hitman hobbes hockey holiday holly hollywood home homer homework honda honey honeybee
honeymoon hooters hope hornet horse horses hospital hotdog hotrod house houston hummer hunter hunting hurricane iceberg icecream
iceman identity iloveme iloveu iloveyou imagine immortal incredible india indian indiana infinity inside insurance internet
invincible ireland iron ironman island jackass jackpot jaguar jaguars jamaica january japan jasmine jasper jazz jellybean jerusalem
jester jesus jesuschrist jewels joker journey joyful july june jungle junior jupiter justice juventus karma kashmir kawasaki
keepout keyboard killer king kingdom kings kingston kitten kittens kitty kittycat knight knights kolkata krishna lacrosse laddu
lakers lakshmi laptop lasvegas laughing legend legends lemonade letmein letmeinnow leopard lesbian liberty library light lighthouse
lightning liverpool lizard logitech lollipop london lonely longhorn lorraine loser louisiana love lovebug loveless lovelife lovelove
lovely loveme lover loverboy lovers loveyou loving lucifer lucky ludhiana machine macintosh madison madonna madrid magic magnolia
magnum mahadev mailbox majesty manager manchester mandarin manunited marathon marijuana marine mariner marines mario market marlboro
maserati master masters matrix maverick maximum maximus medical medicine medallion megadeth member mercedes mercury merlin mermaid
message metal metallica mexico miami michigan mickey midnight millennium millionaire millions minecraft minnie miracle misfit
mission mississippi missouri mobile modern moderator molly monday money monkey monkeys monster montana montreal moonlight morning
morpheus mother motherfucker motocross motorola mountain mountains movies mozart muffin mumbai mushroom music musica musical musicman
mustang mustangs mypassword mylove myself myspace namaste nascar nature naughty navigator nebraska nemesis network newcastle
newport newyork nicaragua nightmare nike nikita ninja nintendo nirvana nissan nobody nothing november nowhere number nursing
nutella obsession october office officer oklahoma online operator orange oranges orchid original orlando outlaw oxford pacific
packard packers paintball pakistan pancake panda panther panthers paradise paris parola parker parrot party passion passport
passcode passphrase passwd password passwords patches patience patriot patriots peace peaceful peach peaches peanut peanuts
pearljam pebbles peekaboo penguin penguins pepper peppers perfect personal phantom phoenix photo photography physics piano picture
pikachu pineapple pink pirate pirates pitbull pizza planet platinum player playboy playstation please poison pokemon police polo
poohbear pookie popcorn popeye porsche portland positive possible power powerful precious predator preston pretty prince princess
princesa principal private problem professor profile program project prosper protect protocol psycho public pumpkin punjab puppies
puppy purple pussy pussycat python queen question qwerty rabbit racing radical radio raider raiders rainbow rainbows raiders raindrop
ramram ranger rangers rascal raptor raven ravens reading reality rebel rebels redbull redhead redneck redrose redskins redsox redwings
reggae reindeer religion remember renegade republic research respect retired revenge revolution ricardo rivers robot rochester rock
rocket rockets rockstar rocky roller rolltide romance rooster root rosebud roses royal rugby runner running russia sabbath sadhana
sailing sailor saints sairam sakura salvation samson samsung samurai sandman satan saturday saturn savage scarface school science
scooby scoobydoo scooter scorpio scorpion scotland seahawks seattle secret secrets secure security seduction semperfi senior sensation
september serenity service sesame seven sexy shadow shadows shannon shanti share shark sharks shelter sheriff shinobi shithead
shivaji shivshakti shooter shopping short shorty silence silver simple simpson simpsons single sister sisters skateboard skating
skipper skyline slayer slipknot smile smiley smokey smooth snicker snickers sniper snoopy snow snowball snowboard snowflake snowman
soccer softball software soldier solution something sonic southern spanish sparkle sparky special speed speedway speedy spider
spiderman spirit spitfire spongebob sports spring springs stalker standard stanford star stargate starlight stars startrek starwars
steel steelers stinky stone storm stormy strange stranger strawberry strong student stupid sublime submarine success successful
sucker sugar summer summertime sunday sunflower sunlight sunny sunset sunshine super superman supernova superstar superuser support
surf surfer surfing survivor suzuki sweet sweetheart sweetie sweetness sweetpea swimmer swimming swordfish symphony system tamilnadu
tango target taurus teacher team technics technology teddybear telephone temp temppass temppassword temporary tennis tequila test
tester testing testpass testpassword testtest texas thankyou theman therock thunder thunderbird thuglife thursday tiger tigers
tigger timeless tinkerbell titanic titans together tokyo tomorrow tornado toronto tottenham toyota training transfer transformers
traveler travel treasure treehouse trinity trooper trouble trucks trust trustme trustno truelove tuesday turbo turtle turtles
tweety twilight twinkle twister ultimate umbrella undertaker unicorn united universal universe unknown user username vagina valentine
valentino vampire vanilla vatican vegeta velocity venture vermont veteran victor victoria victory viking vikings vincent violet viper
virgin virginia vision volcano volleyball voodoo voyager walker wallpaper wanker warcraft warhammer warning warrior warriors
washington water waterfall watermelon weather webmaster wednesday welcome welcomehome western westham westside whatever whatsapp
whiskey whisper white wildcat wildcats wildlife william willow wind window windows winner winnie winter wisconsin wisdom wizard
wizards wolf wolfpack wolves wombat wonder wonderful wonderland wordpass world worldcup wrangler wrestling xbox xanadu yamaha yankee
yankees yellow yesterday youtube zeppelin zombie zombies zoology
aadhaar aashirwad abhishek aditya adrian akash alan albert alejandro alex alexander alexandra alexandria alexis alfred alice alicia
alison allison alyssa amanda amber amelia amit amitabh amrita amsterdam anand ananya anderson andrea andreas andrei andrew andrey
angela angelica angelina anil anita anjali ankit ankita anna annabelle anthony antonia antonio anurag aparna archana arjun arnold
arthur arun aruna ashish ashley ashok ashwini athena aurora barbara beatrice benjamin bernard bethany bhavani bonnie bradley brandi
brandon brandy brenda brian brianna britney brittany brooke bruce bryan caitlin calvin cameron carlos carmen caroline carter casey
cassandra cassie catherine cecilia chandra charles charlie charlotte chetan chris christian christina christine christopher
claire claudia cleopatra cody connor courtney cynthia daisy dakota daniel daniela danielle danny david dawn deborah deepak deepika
deepti denise dennis derek desiree devika diana diego divya dominique donna dorothy douglas duncan durga dylan edward eleanor elena
elisabeth ellen emily emma eric erica erika ernest ethan eugene evelyn fatima felicia felipe fernando florence francesca francis
francisco frank frankie franklin frederick gabriel gabriela gabrielle ganesha gaurav gauri geeta geetha george geraldine gerald
gilbert gloria gopal gordon govind grant gregory guillermo gustavo hanuman hari harish harold harrison harry harsh harvey heidi
helena henry himanshu howard hrithik hussain ibrahim indira isabel isabella isabelle jack jackie jackson jacob jacqueline jagdish
james jamie janet janice jason jayanti jeffrey jenna jennifer jenny jeremy jerome jerry jessica jessie jimmy joanna johannes john
johnny johnson jonathan jordan jorge joseph josephine joshua jyoti joyce juan judith julia julian juliana julie juliet justin kajal
kamal karan karen karina karthik katherine kathleen kathryn katie katrina kavita kayla kelly kelsey kenneth kevin khushi kiran kishore
kimberly kirsten komal kristen kristin kristina kumar kyle lakshman lalita lance latha lauren laura lavanya lawrence leonard leonardo
leslie lillian linda lindsay lindsey lisa logan louis louise lucas lucy madhav madhu madhuri mahesh malcolm mamta manish manisha manoj
marcus margaret maria mariah mariana marie marilyn marina marissa marjorie mark marlene marley marshall martha martin martina marvin
mary matthew maurice maxwell meena meera megan melanie melissa melody meredith mexican michael michelle miguel mildred miller mitchell
mohammed mohan mohit monica monique morgan morris mukesh murali murphy muhammad nagaraj naresh narayan natalia natalie natasha nathan
nathaniel naveen neelam neha nelson nicholas nicole nikhil nisha nitin noah norman olivia oliver oscar padma pamela pankaj parvati
patricia patrick paul pawan payal pedro peter philip phillip pooja poonam prabhu pradeep prakash pramod prasad pratik praveen preeti
prem pritam priya priyanka puja rachel radha raghav rahul raj raja rajan rajesh rajeev rajendra rajkumar rajni rakesh ralph ram raman
ramesh ramona rani ranjit ravi ravindra raymond rebecca regina rekha renee reshma reuben richard rita ritu robert roberta roberto
robin rodrigo roger rohan rohit roland ronald ronaldo rosemary roxanne rupali russell ruth ryan sabrina sachin sahil salman samantha
sameer samuel sandeep sandra sandy sangeeta sanjay santiago santosh sarah saroj sarita satish satyam saurabh savita scott sebastian
seema serena sergio shahid shahrukh shalini shankar shanthi sharma sharon shawn sheela sheila shelby shivam shruti shubham shweta
siddharth simon simran singh sita smith sneha sonia sonali sophia sophie spencer sridevi stanley stella stephanie stephen sterling
steven stewart stuart subhash sudha sudhir sujata sukumar suman sumit sunil sunita suresh surya susan sushila sushma suzanne swapna
swathi swati sydney sylvia tamara tanvi tanya tara taylor teresa terry thakur thomas tiffany timothy tina tommy tracey travis trevor
tyler uday umesh usha vaishnavi valerie vandana vanessa varsha varun venkat venkatesh veronica vicky vijay vijaya vikas vikram vinay
vincent vinod vishal vishnu vivek vladimir walter wayne wendy wesley wilson winston xavier yadav yash yogesh yvonne zachary
bhagwan bharat bharatmata chennai bangalore bengaluru hyderabad gujarat kerala maharashtra jaihind jaimatadi jaishriram omnamahshivaya
omsairam hariom sairam radheradhe waheguru mahakal bholenath pyaar dosti zindagi hindustan sachintendulkar virat dhoni tendulkar
iamthebest ihateyou ilovegod ilovemyself iloveyousomuch imissyou loveyourself myfamily mybaby godisgood godislove godbless jesuslives
jesuslovesme kissme hugme nopassword nopasswd notsecure opensesame secretword whoami yourmom youandme trustnoone blahblah bananas
correcthorsebatterystaple hunter passw pass passpass adminadmin rootroot useruser testuser guestguest helloworld goodmorning
goodnight lovehurts lovestory truefriend bestfriends schoolbus highschool hospital healthcare emergency ambulance patient doctor nurse
aardvark aleksandr anastasia aragorn assassin babylon beckham biscuit blackcat blackdog blackman bluemoon bobafett bollocks brothers
brucelee buckeye buckeyes budlight bullseye butthead butthole cadillac campbell cannabis cavalier chandler charger chargers children
cleveland clifford cocacola columbia commando concrete consumer cooldude coolman crusader dannyboy deadhead deadman defender devildog
dingdong director discover doberman dodgeram dodgers doughboy drpepper ekaterina emmanuel fatboy firebird formula foxtrot freckles
garbage giovanni gizmodo goldberg goodbye goodtime grateful griffin hamilton handsome hannibal hansolo hastings hellfire hercules
highland holland homerun hongkong hotstuff idontknow infantry infiniti intrepid jeremiah johnjohn kamikaze kangaroo katerina kentucky
keystone kingkong kingpin labrador lancelot leather legolas lifehack lincoln lonestar lonewolf margarita martinez maryjane maryland
megaman memphis metallic microsoft mistress monitor monopoly morrison munchkin napoleon national newlife nicolas oblivion overlord
paladin panasonic papillon paradox pavilion peacock penelope peterpan peugeot philips phillies pinkfloyd pioneer plymouth polaris
pontiac porkchop portugal presario printer prodigy punisher pyramid racecar ragnarok rammstein redalert response richmond robinson
romashka rootbeer safety sailboat sanchez sandiego scarlett seinfeld seminole sentinel shamrock sherlock sherman shotgun showtime
skittles skywalker snuggles socrates solomon spartans spectrum springer squirrel srinivas stallion starcraft stardust starfish
stinger sunrise svetlana syracuse telefon terminator thailand thegame theking theone thompson triumph trombone trumpet vacation
valentin valhalla vanhalen verizon veronika vertigo viktoria volkswagen waterloo webster werewolf whocares whitney wolfgang wolfman
wolverine
`
    .split(/\s+/)
    .filter((word) => word.length >= 4),
);

/** Not words, yet as frequent: taken as they are, digits and all. */
export const commonStrings: ReadonlySet<string> = new Set(
  `
1q2w3e4r 1q2w3e4r5t q1w2e3r4 q1w2e3r4t5 1qaz2wsx 1qazxsw2 zaq12wsx zaq1xsw2 qazwsxedc qazwsx123 qaz123wsx 1234qwer qwer1234 qwe123qwe
q1w2e3 12qwaszx qweasdzxc asdf1234 asd123asd abcd1234 1234abcd abc12345 abc123456 a1b2c3d4 a1s2d3f4 aa123456 a1234567 a12345678
12345678a 123456789a 123456abc 12345abc 123abc123 1a2b3c4d 147258369 147852369 741852963 789456123 963852741 159753456 753951852
123654789 321654987 987456321 456123789 11223344 1122334455 12344321 1234554321 123454321 12345679 123321123 112233445566 102030405060
10203040 01020304 19871987 31415926 314159265 27182818 4815162342 8675309a trustno1 blink182 rush2112 ncc1701d ncc1701e bond0007
agent007 james007 jordan23 michael1 kobe24 ronaldo7 sachin10 dhoni007 test1234 pass1234 user1234 demo1234 root1234 admin123 admin1234
p455w0rd pa55word pa55w0rd passw0rd p4ssw0rd p4ssword myp455 letm3in l3tm31n w3lc0me iloveyou2 iloveyou1 love1234 hello123 qwerty12
qwerty123 qwerty1234 qwertyuiop asdfghjkl zxcvbnm1 1qwerty1 qwert123 qwert12345 asdfg12345 zxcvb12345 password01 password12 drowssap1
medallion-demo changeme1 default1 abcabc123 aabbccdd aaaabbbb x1x2x3x4 xxx12345 gfhjkmgfhjkm ghbdtnrfrltkf zzzxxxccc qqqwwweee
`
    .split(/\s+/)
    .filter((text) => text !== ''),
);
