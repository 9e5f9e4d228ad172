// English words of the pages that anybody may see.
export const publicPages = {
  'landing.one': 'One card.',
  'landing.two': 'One record.',
  'landing.three': 'Yours.',
  'landing.tab': 'One card, one record',
  'landing.lead':
    'Any hospital can add to it. Only the people you allow can read it. You can check that nothing was changed.',
  'landing.sample': 'Sample, with an invented person. A card anyone can read when you cannot speak.',
  'landing.new': 'New here? <go>Make your card</go>. It is free and takes about five minutes.',
  'landing.goHome': 'You are signed in. <go>Go to your record</go>',

  'sample.name': 'Asha Rao',
  'sample.birth': 'Female, born 1 Feb 1980',
  'sample.languages': 'Speaks Kannada, English, Hindi',
  'sample.blood': 'Blood A+ (lab, 2 May 2024)',
  'sample.penicillin': 'Penicillin',
  'sample.penicillinWhy': 'Anaphylaxis. Do not give.',
  'sample.warfarin': 'Warfarin',
  'sample.warfarinWhy': 'Blood thinner. Bleeds easily.',
  'sample.insulin': 'Insulin',
  'sample.insulinWhy': 'Type 1 diabetes. Never stop.',
  'sample.pacemaker': 'Pacemaker',
  'sample.pacemakerWhy': 'Ask cardiology before MRI.',
  'sample.asOf': '18 Nov 2026',

  'nav.howItWorks': 'How it works',
  'nav.helpSomeone': 'Help someone',

  'doors.helping': 'I am helping someone',
  'doors.helpingText': 'Scan their card. No app, no login.',
  'doors.how': 'How it works',
  'doors.howText': 'What the card shows, who may read the record.',
  'doors.prove': 'How we prove it',
  'doors.proveText': 'Every entry and every look can be checked.',

  'footer.entries_one': '{{number}} entry in the public log',
  'footer.entries_other': '{{number}} entries in the public log',
  'footer.openSource': 'Open source',
  'footer.prove': 'How we prove it',

  'signIn.title': 'Sign in',
  'signIn.login': 'Phone number or e-mail',
  'signIn.password': 'Password',
  'signIn.act': 'Sign in',
  'signIn.acting': 'Signing in',
  'signIn.loginMissing': 'Write your phone number or e-mail address.',
  'signIn.passwordMissing': 'Write your password.',
  'signIn.lost': 'Lost every way in?',
  'signIn.passkey': 'Use a passkey',
  'signIn.passkeyWaiting': 'Waiting for your device',
  'signIn.failed': 'Not signed in.',
  'signIn.lead': 'Your record opens on this device until you sign out.',

  'signUp.title': 'Make your card',
  'signUp.lead':
    'First an account, so that only you can change your card. Then five minutes for what a helper must know.',
  'signUp.name': 'Your full name',
  'signUp.nameHint': 'As it should stand on the card.',
  'signUp.login': 'Phone number or e-mail',
  'signUp.loginHint':
    'A phone number with its country code, like +91\u00a090000\u00a041122, or an e-mail address.',
  'signUp.password': 'Choose a password',
  'signUp.passwordHint': 'At least {{least}} characters. Three or four words in a row are easy to remember.',
  'signUp.act': 'Make my account',
  'signUp.acting': 'Making your account',
  'signUp.nameMissing': 'Write your name.',
  'signUp.loginMissing': 'Write a phone number or an e-mail address.',
  'signUp.passwordShort': 'Use at least {{least}} characters. {{missing}} more.',
  'signUp.failed': 'Your account was not made.',
  'signUp.have': 'Already have an account? <go>Sign in</go>.',
  'signUp.next': 'What happens next',
  'signUp.next1': 'You get a Unique Health ID of 14 digits. It names you and opens nothing.',
  'signUp.next2':
    'You fill in what saves a life: allergies, medicines, conditions, whom to call. Skip what you like.',
  'signUp.next3': 'You print the card or keep it on your phone. You decide what it shows.',

  'setup.title': 'Make the first administrator',
  'setup.lead':
    'This link works once. The account it makes looks after this installation; it cannot read anybody else’s record.',
  'setup.act': 'Make the administrator',
  'setup.failed': 'The administrator was not made.',

  'how.title': 'How it works',
  'how.lead': 'One person, one card, one record. Here is what each part does, and what it does not do.',
  'how.card': 'The card',
  'how.card1':
    'The front says who you are, what can kill you and which code to scan. It can be read without a phone.',
  'how.card2':
    'The code opens one small page with what you chose to show. Nobody needs an app or a login for it. You see each scan afterwards.',
  'how.card3': 'Lost it? Replace the card. The old code then says “replaced” and shows nothing.',
  'how.read': 'Who may read the record',
  'how.read1':
    'The card is not the key to the record. Only you, and the people you allow, can read more than the card shows.',
  'how.read2': 'Every fact says who stands behind it and since when: a doctor, a laboratory, or you.',
  'how.read3': 'Every look is listed under “Who looked”. Nobody can remove one from that list, not even us.',
  'how.prove': 'How we prove it',
  'how.prove1':
    'Each entry and each look leaves a fingerprint in a public log. The fingerprints say nothing about you; nobody can guess you from them.',
  'how.prove2':
    'The log only grows, and its whole state is signed. Your own device can compute your fingerprints again and compare. A changed or missing entry does not match.',
  'how.prove3':
    'What this does not prove: that a fact is medically right. It proves that nobody changed it unseen.',
  'how.transactions': 'Where the log is anchored',
  'how.log': 'The signed state of the log',
  'how.start': 'Make your card',

  'help.title': 'You are helping someone',
  'help.lead': 'First call for help. In India the number is 112. Then look for a card.',
  'help.find': 'Find the card',
  'help.find1': 'Look in the wallet, on the wrist, behind the phone’s case, or on the fridge at home.',
  'help.find2': 'Red means danger: these things can kill. Read them to the ambulance or the doctor.',
  'help.scan': 'Scan the code on the front',
  'help.scan1': 'Open the camera of any phone and point it at the code. No app and no login is needed.',
  'help.scan2':
    'A page opens with dangers first, then medicines, conditions and whom to call. Press a number to call it.',
  'help.scan3': 'Read the address before you trust the page. It must be the address of this service.',
  'help.offline': 'No network?',
  'help.offline1':
    'The printed lines are enough to start. The back has the numbers of the family and the doctor.',
  'help.seen': 'The person sees that the card was scanned, and when. You do not have to say who you are.',
  'help.call': 'Call 112',
  'claim.title': 'Take over your record',
  'claim.lead':
    'You were enrolled at a front desk and got a sheet with a code. With it the record becomes yours, with a sign-in of your own.',
  'claim.uhid': 'Health ID',
  'claim.uhidHint': '14 digits, on your card and on the sheet.',
  'claim.code': 'Code on the sheet',
  'claim.codeHint': 'Ten letters and digits.',
  'claim.loginHint':
    'Yours alone. If a family shares a phone, one of you signs in with it and looks after the others.',
  'claim.act': 'Make it mine',
  'claim.failed': 'Nothing was taken over.',
  'claim.wrong':
    'This health ID and code open nothing. Look at the sheet again; after five wrong codes the desk prints a new one.',
  'claim.loginTaken':
    'Somebody signs in with this already. Choose another, or sign in with it and take the record over as guardian. Your code is still good.',
  'claim.guardian':
    'Is it the record of a child or of somebody you care for? <go>Sign in and look after it</go>.',
  'claimMissing.uhid': 'Copy the health ID',
  'claimMissing.code': 'Copy the code',
  'claimMissing.login': 'Write your phone number or e-mail',
  'claimMissing.password': 'Choose a password',
  'signIn.claim': 'Enrolled at a front desk? <go>Take over your record</go>.',
} as const;
