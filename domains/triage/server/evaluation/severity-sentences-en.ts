import type { Sentences } from './severity-sentences.ts'

export const sentencesEn: Sentences = {
  en: {
    safety: `
the charger you sold me started smoking and burned the carpet
my daughter got an electric shock from your toaster
the brakes failed ten minutes after your garage serviced the car
there is a strong smell of gas since your engineer left
found a piece of glass in the baby food
the battery swelled up and exploded in my pocket
my son had an allergic reaction because nuts were not on the label
the ladder collapsed and my husband broke his leg
the whole family got food poisoning after eating your chicken
your driver was texting and nearly ran over a cyclist
the heater caught fire last night while we were asleep
the car seat strap came loose with my child in it`,
    legal: `
you will be hearing from my lawyer
I am taking you to small claims court over this
this breaches the consumer rights act and I will report you to trading standards
I am filing a complaint with the ombudsman
under GDPR I demand a copy of all the data you hold on me
my solicitor will send you a formal letter on Monday
I have contacted the regulator about your practices
see you in court
consider this notice of legal action for breach of contract
I intend to sue you for damages
you published my address without consent and that is against data protection law
our attorneys advised us to start proceedings`,
    discrimination: `
your guard followed me around the shop because I am black
the clerk refused to serve us for wearing a headscarf
I was told women should not work on engines by your mechanic
the bouncer turned away my friend because of his wheelchair
your agent mocked my accent and told me to go back to my country
we were denied the room as soon as they saw we were a gay couple
the driver made antisemitic remarks during the whole ride
they would not rent the flat to us because we are muslim
I was passed over because of my age, your manager said so openly
your staff used a racist slur against my wife
the waiter said they do not serve gypsies
being transgender I was laughed at by two of your employees at the counter`,
    fraud: `
someone opened an account in my name
there are payments on my card that I never made
I got a text pretending to be from you asking for my code
my account was hacked and my points are gone
a man called saying he is from your bank and wanted my pin
this seller ships counterfeit bags under your name
your site is being cloned by scammers
somebody withdrew cash with a copy of my card in another country
I think I fell for a phishing mail that looks like yours
my identity was stolen and they took out a loan
an unknown device logged in and changed my email
I never signed this contract, the signature is forged`,
    money: `
you charged me twice for the same order
I have been waiting two months for my refund
you took 480 pounds from my account without asking
the fee on my statement was never agreed
my salary transfer disappeared
the invoice is three times higher than the quote
you keep billing me after I cancelled
I was promised compensation and got nothing
my deposit has still not been paid back
the machine swallowed my money and gave no ticket
I am overdrawn now because of your wrong debit
the discount was not applied and you refuse to correct the bill`,
    outage: `
the whole town has been without internet since this morning
your servers are down and nobody in our office can work
the app has been unavailable for three hours
no electricity in our street after your works
all card terminals in our shop stopped working at once
we have no water since yesterday evening
the website returns error 503 for everyone here
phone lines are dead in the entire district
payments are failing for all of our customers
nobody can log in, is there an incident
the booking system crashed on every counter
mobile network gone in the whole region`,
    vulnerable: `
my mother is 91 and cannot heat her flat
I am disabled and the lift has been out of order for a week
my baby is on a ventilator and needs the power to stay on
I just lost my husband and cannot cope with these letters
we have a newborn and no hot water
I am on dialysis and the medicine did not arrive
my father has dementia and signed something he does not understand
I am undergoing chemotherapy and can't come to the branch
I lost my job and can't afford food until friday
my son is autistic and was left alone at the stop
I am blind and your new site does not work with my screen reader
I am fleeing a violent partner and you sent the letter to the old address`,
    'self-harm': `
I don't want to live anymore
I am going to kill myself
there is no point in going on, everyone is better off without me
I have the pills ready and tonight it ends
I keep thinking about ending my life
I want to die
I have been cutting myself again
if this debt is not solved I will jump off the bridge
nobody would miss me if I was dead
this is my goodbye, take care of my dog
I can't take it anymore and I plan to hang myself
I tried to end it last week and will try again`,
  },
}
