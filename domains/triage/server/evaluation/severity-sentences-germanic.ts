import type { Sentences } from './severity-sentences.ts'

export const sentencesGermanic: Sentences = {
  de: {
    safety: `
das Ladegerät hat angefangen zu rauchen und den Teppich verbrannt
meine Tochter hat von Ihrem Toaster einen Stromschlag bekommen
die Bremsen haben zehn Minuten nach Ihrer Inspektion versagt
seit Ihr Techniker da war riecht es stark nach Gas
im Babybrei war eine Glasscherbe
der Akku hat sich aufgebläht und ist in meiner Tasche explodiert
mein Sohn hatte eine allergische Reaktion, weil Nüsse nicht auf dem Etikett standen
die Leiter ist zusammengebrochen und mein Mann hat sich das Bein gebrochen
die ganze Familie hatte nach Ihrem Hähnchen eine Lebensmittelvergiftung
Ihr Fahrer war am Handy und hat fast einen Radfahrer überfahren
der Heizlüfter hat heute Nacht Feuer gefangen, während wir schliefen
der Gurt des Kindersitzes ist aufgegangen, als mein Kind darin saß`,
    legal: `
Sie hören von meinem Anwalt
ich bringe Sie dafür vor Gericht
das verstößt gegen das Verbraucherrecht und ich melde Sie der Verbraucherzentrale
ich wende mich an die Schlichtungsstelle
nach der DSGVO verlange ich Auskunft über alle meine Daten
meine Anwältin schickt Ihnen am Montag ein Schreiben
ich habe die Aufsichtsbehörde über Ihr Vorgehen informiert
wir sehen uns vor Gericht
betrachten Sie das als Ankündigung einer Klage wegen Vertragsbruch
ich werde Sie auf Schadenersatz verklagen
Sie haben meine Adresse ohne Einwilligung veröffentlicht, das ist strafbar
unsere Juristen raten zu rechtlichen Schritten`,
    discrimination: `
Ihr Wachmann ist mir durch den Laden gefolgt, weil ich schwarz bin
die Verkäuferin wollte uns wegen des Kopftuchs nicht bedienen
Ihr Mechaniker meinte, Frauen hätten von Motoren keine Ahnung
der Türsteher hat meinen Freund wegen seines Rollstuhls abgewiesen
Ihr Mitarbeiter hat sich über meinen Akzent lustig gemacht, ich solle in mein Land zurück
das Zimmer wurde uns verweigert, als klar war, dass wir ein schwules Paar sind
der Fahrer hat die ganze Fahrt antisemitische Sprüche gemacht
man hat uns die Wohnung nicht vermietet, weil wir Muslime sind
ich wurde wegen meines Alters abgelehnt, das wurde offen gesagt
Ihr Personal hat meine Frau rassistisch beschimpft
der Kellner sagte, Zigeuner werden hier nicht bedient
weil ich trans bin, haben zwei Angestellte am Schalter über mich gelacht`,
    fraud: `
jemand hat auf meinen Namen ein Konto eröffnet
auf meiner Karte sind Zahlungen, die ich nie gemacht habe
ich bekam eine SMS, die sich als Sie ausgibt und meinen Code will
mein Konto wurde gehackt und die Punkte sind weg
ein Mann rief an, angeblich von der Bank, und wollte meine PIN
dieser Verkäufer verschickt gefälschte Taschen unter Ihrem Namen
Betrüger haben Ihre Seite nachgebaut
mit einer Kopie meiner Karte wurde im Ausland Geld abgehoben
ich bin wohl auf eine Phishing-Mail hereingefallen, die wie Ihre aussieht
meine Identität wurde gestohlen und ein Kredit aufgenommen
ein unbekanntes Gerät hat sich angemeldet und meine E-Mail geändert
diesen Vertrag habe ich nie unterschrieben, die Unterschrift ist gefälscht`,
    money: `
Sie haben dieselbe Bestellung zweimal abgebucht
ich warte seit zwei Monaten auf meine Rückerstattung
Sie haben 480 Euro ohne zu fragen von meinem Konto genommen
die Gebühr auf dem Auszug war nie vereinbart
meine Gehaltsüberweisung ist verschwunden
die Rechnung ist dreimal so hoch wie das Angebot
Sie buchen nach der Kündigung immer weiter ab
mir wurde eine Entschädigung versprochen und nichts kam
meine Kaution ist immer noch nicht zurückgezahlt
der Automat hat mein Geld geschluckt und kein Ticket gegeben
wegen Ihrer falschen Abbuchung bin ich im Minus
der Rabatt wurde nicht abgezogen und Sie weigern sich, die Rechnung zu ändern`,
    outage: `
die ganze Stadt ist seit heute früh ohne Internet
Ihre Server sind ausgefallen und niemand im Büro kann arbeiten
die App ist seit drei Stunden nicht erreichbar
kein Strom in unserer Straße seit Ihren Bauarbeiten
alle Kartenterminals im Laden sind auf einmal ausgefallen
wir haben seit gestern Abend kein Wasser
die Website zeigt bei allen Fehler 503
die Telefonleitungen sind im ganzen Viertel tot
bei allen unseren Kunden schlagen Zahlungen fehl
niemand kann sich anmelden, gibt es eine Störung
das Buchungssystem ist an allen Schaltern abgestürzt
kein Mobilfunknetz in der ganzen Region`,
    vulnerable: `
meine Mutter ist 91 und kann ihre Wohnung nicht heizen
ich bin schwerbehindert und der Aufzug ist seit einer Woche kaputt
mein Baby hängt am Beatmungsgerät und braucht den Strom
ich habe gerade meinen Mann verloren und komme mit den Briefen nicht klar
wir haben ein Neugeborenes und kein warmes Wasser
ich bin Dialysepatient und das Medikament kam nicht
mein Vater ist dement und hat etwas unterschrieben, das er nicht versteht
ich mache gerade eine Chemotherapie und kann nicht in die Filiale kommen
ich habe meine Arbeit verloren und bis Freitag kein Geld für Essen
mein Sohn ist Autist und wurde allein an der Haltestelle stehen gelassen
ich bin blind und Ihre neue Seite geht nicht mit meinem Screenreader
ich bin vor meinem gewalttätigen Partner geflohen und Sie schreiben an die alte Adresse`,
    'self-harm': `
ich will nicht mehr leben
ich bringe mich um
es hat keinen Sinn mehr, ohne mich wären alle besser dran
ich habe die Tabletten bereit und heute Nacht ist Schluss
ich denke ständig daran, mir das Leben zu nehmen
ich will sterben
ich ritze mich wieder
wenn diese Schulden bleiben, springe ich von der Brücke
niemand würde mich vermissen, wenn ich tot wäre
das ist mein Abschied, kümmert euch um meinen Hund
ich kann nicht mehr und werde mich erhängen
letzte Woche habe ich einen Selbstmordversuch gemacht und mache es wieder`,
  },
  nl: {
    safety: `
de oplader begon te roken en heeft het tapijt verbrand
mijn dochter kreeg een elektrische schok van jullie broodrooster
de remmen weigerden tien minuten na jullie onderhoudsbeurt
het ruikt sterk naar gas sinds de monteur is geweest
er zat een stuk glas in het babyvoedsel
de accu zwol op en ontplofte in mijn zak
mijn zoon kreeg een allergische reactie omdat noten niet op het etiket stonden
de ladder zakte in elkaar en mijn man brak zijn been
het hele gezin had voedselvergiftiging van jullie kip
jullie chauffeur zat te appen en reed bijna een fietser aan
de kachel vloog vannacht in brand terwijl we sliepen
de riem van het autostoeltje schoot los met mijn kind erin`,
    legal: `
jullie horen nog van mijn advocaat
ik stap hiervoor naar de rechter
dit is in strijd met het consumentenrecht en ik meld jullie bij de ACM
ik dien een klacht in bij de geschillencommissie
op grond van de AVG eis ik inzage in al mijn gegevens
mijn advocate stuurt maandag een aangetekende brief
ik heb de toezichthouder over jullie werkwijze ingelicht
tot ziens in de rechtbank
beschouw dit als ingebrekestelling wegens contractbreuk
ik ga jullie aanklagen en eis schadevergoeding
jullie hebben mijn adres zonder toestemming gepubliceerd en dat is strafbaar
onze juristen raden ons aan een procedure te starten`,
    discrimination: `
jullie beveiliger volgde me door de winkel omdat ik zwart ben
de verkoopster weigerde ons te helpen vanwege de hoofddoek van mijn vrouw
jullie monteur zei dat vrouwen niets van motoren snappen
de portier weigerde mijn vriend vanwege zijn rolstoel
jullie medewerker lachte om mijn accent en zei dat ik terug moest naar mijn land
we kregen de kamer niet toen ze zagen dat we een homostel zijn
de chauffeur maakte de hele rit antisemitische opmerkingen
ze wilden ons de woning niet verhuren omdat we moslim zijn
ik werd afgewezen om mijn leeftijd en dat werd gewoon gezegd
jullie personeel heeft mijn vrouw racistisch uitgescholden
de ober zei dat zigeuners hier niet worden bediend
omdat ik transgender ben werd ik door twee medewerkers aan de balie uitgelachen`,
    fraud: `
iemand heeft een rekening op mijn naam geopend
er staan betalingen op mijn kaart die ik nooit heb gedaan
ik kreeg een sms die doet alsof hij van jullie is en om mijn code vraagt
mijn account is gehackt en mijn punten zijn weg
een man belde zogenaamd van de bank en wilde mijn pincode
deze verkoper stuurt namaaktassen onder jullie naam
oplichters hebben jullie site nagemaakt
er is in het buitenland geld opgenomen met een kopie van mijn pas
ik ben in een phishingmail getrapt die op die van jullie lijkt
mijn identiteit is gestolen en er is een lening afgesloten
een onbekend apparaat heeft ingelogd en mijn mailadres veranderd
dit contract heb ik nooit getekend, de handtekening is vervalst`,
    money: `
jullie hebben dezelfde bestelling twee keer afgeschreven
ik wacht al twee maanden op mijn terugbetaling
jullie hebben 480 euro van mijn rekening gehaald zonder te vragen
de kosten op het afschrift zijn nooit afgesproken
de overboeking van mijn salaris is verdwenen
de factuur is drie keer zo hoog als de offerte
jullie blijven afschrijven na mijn opzegging
er werd een vergoeding beloofd en ik kreeg niets
mijn borg is nog steeds niet terugbetaald
de automaat slikte mijn geld in en gaf geen kaartje
door jullie foute incasso sta ik nu rood
de korting is niet verrekend en jullie weigeren de rekening aan te passen`,
    outage: `
de hele stad zit sinds vanochtend zonder internet
jullie servers liggen plat en niemand op kantoor kan werken
de app is al drie uur niet bereikbaar
geen stroom in onze straat sinds jullie werkzaamheden
alle pinautomaten in de winkel vielen tegelijk uit
we hebben sinds gisteravond geen water
de website geeft bij iedereen fout 503
de telefoonlijnen zijn dood in de hele wijk
bij al onze klanten mislukken de betalingen
niemand kan inloggen, is er een storing
het boekingssysteem is bij alle balies gecrasht
geen mobiel netwerk in de hele regio`,
    vulnerable: `
mijn moeder is 91 en kan haar huis niet verwarmen
ik ben gehandicapt en de lift is al een week stuk
mijn baby ligt aan de beademing en heeft stroom nodig
ik heb net mijn man verloren en kan deze brieven niet aan
we hebben een pasgeboren baby en geen warm water
ik ben dialysepatiënt en het medicijn is niet gekomen
mijn vader is dement en heeft iets getekend wat hij niet begrijpt
ik krijg chemotherapie en kan niet naar het filiaal komen
ik ben mijn baan kwijt en heb tot vrijdag geen geld voor eten
mijn zoon is autistisch en werd alleen bij de halte achtergelaten
ik ben blind en jullie nieuwe site werkt niet met mijn schermlezer
ik ben gevlucht voor een gewelddadige partner en jullie schreven naar het oude adres`,
    'self-harm': `
ik wil niet meer leven
ik ga mezelf van kant maken
het heeft geen zin meer, iedereen is beter af zonder mij
ik heb de pillen klaarliggen en vannacht is het voorbij
ik denk steeds aan een einde maken aan mijn leven
ik wil dood
ik snijd mezelf weer
als deze schuld niet wordt opgelost spring ik van de brug
niemand zou me missen als ik dood was
dit is mijn afscheid, zorg voor mijn hond
ik kan niet meer en ga me ophangen
vorige week deed ik een zelfmoordpoging en ik doe het weer`,
  },
}
