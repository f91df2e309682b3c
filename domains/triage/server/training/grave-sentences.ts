// Grave messages to learn from, in five languages, beside the phrases of the rules and the open half of the measured
// sentences: written for this, without a look at the held half. One a line.
import type { Severity } from '../severity/severity.ts'

export const graveSentences: Readonly<Record<Severity, string>> = {
  safety: `
The charger got so hot that it melted into my table
My son cut his hand on the broken edge of your toy
The heater gives me a shock each time I touch it
We all became sick after eating your salad
The brake of the bike failed going downhill
Your driver was looking at his phone and nearly hit a child
The ladder gave way and my husband fell on his back
There were pieces of plastic in the baby food
El cargador se calentó tanto que derritió la mesa
Mi hijo se cortó la mano con el juguete roto
El calefactor me da calambre cada vez que lo toco
Todos nos pusimos malos después de comer su ensalada
El freno de la bici falló cuesta abajo
Su conductor iba mirando el móvil y casi atropella a un niño
La escalera se rompió y mi marido se cayó de espaldas
Había trozos de plástico en la comida del bebé
Le chargeur a chauffé au point de faire fondre la table
Mon fils s'est coupé la main avec le jouet cassé
Le radiateur me donne une décharge dès que je le touche
Nous avons tous été malades après votre salade
Le frein du vélo a lâché dans la descente
Votre chauffeur regardait son téléphone et a failli percuter un enfant
L'échelle a cédé et mon mari est tombé sur le dos
Il y avait des morceaux de plastique dans le petit pot
Das Ladegerät wurde so heiß, dass der Tisch geschmolzen ist
Mein Sohn hat sich am kaputten Spielzeug die Hand geschnitten
Der Heizlüfter gibt mir jedes Mal einen Schlag, wenn ich ihn anfasse
Wir waren alle krank, nachdem wir Ihren Salat gegessen hatten
Die Bremse vom Rad hat bergab versagt
Ihr Fahrer schaute aufs Handy und hätte beinahe ein Kind angefahren
Die Leiter ist gebrochen und mein Mann ist auf den Rücken gestürzt
Im Babybrei waren Plastikteile
De oplader werd zo heet dat de tafel gesmolten is
Mijn zoon heeft zijn hand gesneden aan het kapotte speelgoed
De kachel geeft me een schok als ik hem aanraak
We werden allemaal ziek na het eten van jullie salade
De rem van de fiets weigerde op de helling
Jullie chauffeur zat op zijn telefoon en reed bijna een kind aan
De ladder brak en mijn man viel op zijn rug
Er zaten stukjes plastic in de babyvoeding
`,
  legal: `
If I do not hear from you this week the matter goes to court
I have passed the file to my solicitor
I am filing a complaint with the authority that supervises you
You are in breach of the contract that we signed
I demand all data that you store about me under privacy law
My legal insurer has taken the case
Si no responden esta semana el asunto irá al juzgado
He pasado el expediente a mi abogado
Voy a poner una reclamación ante la autoridad que les supervisa
Están incumpliendo el contrato que firmamos
Exijo todos los datos que guardan sobre mí según la ley de protección de datos
Mi seguro jurídico ha asumido el caso
Sans réponse cette semaine, l'affaire ira devant le juge
J'ai transmis le dossier à mon avocat
Je saisis l'autorité qui vous contrôle
Vous ne respectez pas le contrat que nous avons signé
J'exige toutes les données que vous gardez sur moi selon la loi
Ma protection juridique a repris le dossier
Wenn ich diese Woche nichts höre, geht die Sache vor Gericht
Ich habe die Akte meinem Anwalt übergeben
Ich beschwere mich bei der Behörde, die Sie beaufsichtigt
Sie brechen den Vertrag, den wir unterschrieben haben
Ich verlange Auskunft über alle Daten, die Sie über mich speichern
Meine Rechtsschutzversicherung hat den Fall übernommen
Als ik deze week niets hoor gaat de zaak naar de rechter
Ik heb het dossier aan mijn advocaat gegeven
Ik dien een klacht in bij de toezichthouder
Jullie schenden het contract dat we hebben getekend
Ik eis inzage in alle gegevens die jullie van mij bewaren
Mijn rechtsbijstand heeft de zaak overgenomen
`,
  discrimination: `
The guard followed only us through the shop, the only black family there
They let everyone in but not my husband, who wears a turban
Your agent said people like me should go back where they came from
I was refused a table because my friend and I were holding hands, two men
They laughed at my accent and said they do not serve foreigners
I was told that the job is not for women
The waiter refused to serve my mother because of her headscarf
As soon as they heard my surname the flat was gone
They told me I was too old for the course
My wheelchair was called a nuisance and I was sent out
He mocked how my disabled daughter speaks
Only passengers with dark skin had to open their bags
El guardia solo nos siguió a nosotros, la única familia negra de la tienda
Dejaron pasar a todos menos a mi marido, que lleva turbante
Su agente dijo que la gente como yo debería volver a su país
Nos negaron la mesa porque íbamos de la mano, dos hombres
Se rieron de mi acento y dijeron que no atienden a extranjeros
Me dijeron que ese trabajo no es para mujeres
El camarero no quiso servir a mi madre por llevar velo
En cuanto oyeron mi apellido el piso ya no estaba libre
Me dijeron que era demasiado mayor para el curso
Dijeron que mi silla de ruedas molesta y me echaron
Se burló de cómo habla mi hija con discapacidad
Solo los pasajeros de piel oscura tuvieron que abrir el equipaje
Le vigile n'a suivi que nous, la seule famille noire du magasin
Ils ont laissé passer tout le monde sauf mon mari, qui porte un turban
Votre agent a dit que les gens comme moi devraient rentrer chez eux
On nous a refusé une table parce que nous nous tenions la main, deux hommes
Ils se sont moqués de mon accent et ont dit qu'ils ne servent pas les étrangers
On m'a dit que ce poste n'est pas pour les femmes
Le serveur a refusé de servir ma mère à cause de son voile
Dès qu'ils ont entendu mon nom de famille l'appartement n'était plus libre
On m'a dit que j'étais trop vieux pour ce cours
On a dit que mon fauteuil gênait et on m'a mis dehors
Il a imité ma fille handicapée quand elle parle
Seuls les passagers à la peau foncée ont dû ouvrir leurs sacs
Der Wachmann ist nur uns gefolgt, der einzigen schwarzen Familie im Laden
Alle durften rein, nur mein Mann mit Turban nicht
Ihr Mitarbeiter sagte, Leute wie ich sollen dahin zurück, wo sie herkommen
Wir bekamen keinen Tisch, weil wir zwei Männer sind und uns an der Hand hielten
Sie lachten über meinen Akzent und sagten, Ausländer bedienen sie nicht
Mir wurde gesagt, die Stelle sei nichts für Frauen
Der Kellner wollte meine Mutter wegen ihres Kopftuchs nicht bedienen
Kaum hörten sie meinen Nachnamen, war die Wohnung weg
Man sagte mir, ich sei zu alt für den Kurs
Mein Rollstuhl störe, hieß es, und ich musste gehen
Er hat nachgeäfft, wie meine behinderte Tochter spricht
Nur Fahrgäste mit dunkler Haut mussten ihre Taschen öffnen
De bewaker volgde alleen ons, de enige zwarte familie in de winkel
Iedereen mocht naar binnen behalve mijn man, die een tulband draagt
Jullie medewerker zei dat mensen zoals ik terug moeten naar waar ze vandaan komen
We kregen geen tafel omdat we twee mannen zijn en elkaars hand vasthielden
Ze lachten om mijn accent en zeiden dat ze geen buitenlanders helpen
Mij werd verteld dat die baan niets voor vrouwen is
De ober wilde mijn moeder niet bedienen vanwege haar hoofddoek
Zodra ze mijn achternaam hoorden was het huis weg
Ze zeiden dat ik te oud was voor de cursus
Mijn rolstoel was lastig en ik moest weg
Hij deed na hoe mijn dochter met een beperking praat
Alleen reizigers met een donkere huid moesten hun tas openen
`,
  fraud: `
There is a payment on my statement that I know nothing about
Someone opened an account with my details
I received a call from a man pretending to be from your bank who wanted my code
The watch you sold me is a copy and not the real brand
My account was emptied overnight by strangers
A link in a text from your name asked for my card number
Hay un pago en mi extracto del que no sé nada
Alguien abrió una cuenta con mis datos
Me llamó un hombre que decía ser de su banco y quería mi código
El reloj que me vendieron es una copia y no la marca real
Unos desconocidos vaciaron mi cuenta durante la noche
Un mensaje en su nombre me pedía el número de la tarjeta
Il y a sur mon relevé un paiement dont je ne sais rien
Quelqu'un a ouvert un compte avec mes données
Un homme m'a appelé en disant être de votre banque et voulait mon code
La montre que vous m'avez vendue est une copie
Des inconnus ont vidé mon compte pendant la nuit
Un SMS à votre nom me demandait mon numéro de carte
Auf meinem Auszug steht eine Zahlung, von der ich nichts weiß
Jemand hat mit meinen Daten ein Konto eröffnet
Ein Mann rief an, er sei von Ihrer Bank, und wollte meinen Code
Die Uhr, die Sie mir verkauft haben, ist eine Kopie und nicht echt
Fremde haben über Nacht mein Konto leer geräumt
Eine SMS in Ihrem Namen wollte meine Kartennummer
Er staat een betaling op mijn afschrift waar ik niets van weet
Iemand heeft een rekening geopend met mijn gegevens
Een man belde, zogenaamd van jullie bank, en wilde mijn code
Het horloge dat jullie verkochten is een kopie en niet echt
Vreemden hebben mijn rekening in de nacht leeggehaald
Een sms uit jullie naam vroeg om mijn kaartnummer
`,
  money: `
The same amount left my account three times
I cancelled in May and you still take the monthly fee
You promised to pay me back and I have seen nothing for six weeks
The bill is a hundred euros higher than agreed
Because of your mistake I cannot pay my rent
You kept my deposit without a reason
El mismo importe salió de mi cuenta tres veces
Me di de baja en mayo y siguen cobrando la cuota
Prometieron devolverme el dinero y en seis semanas no he visto nada
La factura es cien euros más alta de lo acordado
Por su error no puedo pagar el alquiler
Se han quedado con mi fianza sin motivo
Le même montant est parti trois fois de mon compte
J'ai résilié en mai et vous prenez encore la mensualité
Vous aviez promis de me rembourser et depuis six semaines je ne vois rien
La facture est plus élevée de cent euros que convenu
À cause de votre erreur je ne peux pas payer mon loyer
Vous avez gardé ma caution sans raison
Derselbe Betrag ging dreimal von meinem Konto ab
Ich habe im Mai gekündigt und Sie ziehen weiter den Beitrag ein
Sie wollten mir das Geld erstatten und seit sechs Wochen kommt nichts
Die Rechnung ist hundert Euro höher als vereinbart
Wegen Ihres Fehlers kann ich meine Miete nicht zahlen
Sie haben meine Kaution ohne Grund behalten
Hetzelfde bedrag ging drie keer van mijn rekening
Ik heb in mei opgezegd en jullie schrijven nog steeds af
Jullie zouden me terugbetalen en na zes weken zie ik niets
De rekening is honderd euro hoger dan afgesproken
Door jullie fout kan ik mijn huur niet betalen
Jullie hebben mijn borg zonder reden gehouden
`,
  outage: `
The whole street has been offline since last night
Nobody in our office can reach your service
The page has shown only an error all morning
Our phones have been dead in the entire village for a day
The card machines in all our shops stopped at noon
It has been dark in the building since the storm
Toda la calle está sin conexión desde anoche
Nadie en nuestra oficina puede acceder a su servicio
La página solo muestra un error toda la mañana
Los teléfonos no van en todo el pueblo desde hace un día
Los datáfonos de todas nuestras tiendas se pararon a mediodía
El edificio está a oscuras desde la tormenta
Toute la rue est hors ligne depuis hier soir
Personne dans notre bureau n'accède à votre service
La page n'affiche qu'une erreur toute la matinée
Les téléphones sont muets dans tout le village depuis un jour
Les terminaux de paiement de tous nos magasins se sont arrêtés à midi
L'immeuble est dans le noir depuis l'orage
Die ganze Straße ist seit gestern Abend offline
Niemand in unserem Büro erreicht Ihren Dienst
Die Seite zeigt den ganzen Morgen nur einen Fehler
Im ganzen Dorf sind die Telefone seit einem Tag tot
Die Kartengeräte in all unseren Läden gehen seit Mittag nicht
Im Haus ist es seit dem Sturm dunkel
De hele straat is sinds gisteravond offline
Niemand op ons kantoor kan bij jullie dienst
De pagina geeft de hele ochtend alleen een fout
In het hele dorp doen de telefoons het al een dag niet
De pinautomaten in al onze winkels stopten om twaalf uur
Het gebouw zit sinds de storm in het donker
`,
  vulnerable: `
My mother is ninety and cannot leave her bed without the lift
I am nearly blind and cannot read your letter
My husband died last week and I do not know how to do this
Our newborn needs warm water and there is none
I depend on a machine to breathe at night
My father has memory loss and signed something he did not understand
Mi madre tiene noventa años y no puede salir de la cama sin el elevador
Casi no veo y no puedo leer su carta
Mi marido murió la semana pasada y no sé cómo se hace esto
Nuestro bebé necesita agua caliente y no hay
Dependo de una máquina para respirar por la noche
Mi padre pierde la memoria y firmó algo que no entendía
Ma mère a quatre-vingt-dix ans et ne peut pas sortir du lit sans l'ascenseur
Je ne vois presque plus et ne peux pas lire votre lettre
Mon mari est mort la semaine dernière et je ne sais pas comment faire
Notre bébé a besoin d'eau chaude et il n'y en a pas
Je dépends d'une machine pour respirer la nuit
Mon père perd la mémoire et a signé ce qu'il ne comprenait pas
Meine Mutter ist neunzig und kommt ohne Lift nicht aus dem Bett
Ich sehe fast nichts und kann Ihren Brief nicht lesen
Mein Mann ist letzte Woche gestorben und ich weiß nicht, wie das geht
Unser Neugeborenes braucht warmes Wasser und es gibt keins
Ich brauche nachts ein Gerät zum Atmen
Mein Vater ist vergesslich und hat etwas unterschrieben, das er nicht verstand
Mijn moeder is negentig en komt zonder lift niet uit bed
Ik zie bijna niets en kan jullie brief niet lezen
Mijn man is vorige week gestorven en ik weet niet hoe dit moet
Onze baby heeft warm water nodig en dat is er niet
Ik heb 's nachts een apparaat nodig om te ademen
Mijn vader vergeet alles en heeft iets getekend wat hij niet begreep
`,
  'self-harm': `
I do not want to be here any more and tonight I will make it stop
Nobody would notice if I was gone
I have the pills in front of me and nothing left to lose
I think about dying every day because of this debt
There is no way out for me, I am going to jump
If this does not change I will take my life
I have started to cut my arms again
I said goodbye to my children today
It would be easier for everybody if I did not wake up tomorrow
I stand on the roof and I do not care any more
I cannot go on living like this
Everything is over for me, this is my last message
Ya no quiero estar aquí y esta noche lo voy a terminar
Nadie notaría si yo no estuviera
Tengo las pastillas delante y nada que perder
Pienso en morir cada día por esta deuda
No hay salida para mí, voy a saltar
Si esto no cambia me quito la vida
He vuelto a cortarme los brazos
Hoy me he despedido de mis hijos
Sería más fácil para todos si mañana no me despertara
Estoy en la azotea y ya me da igual todo
No puedo seguir viviendo así
Todo se acabó para mí, este es mi último mensaje
Je ne veux plus être là et ce soir je vais tout arrêter
Personne ne remarquerait si je n'étais plus là
J'ai les cachets devant moi et plus rien à perdre
Je pense à mourir chaque jour à cause de cette dette
Il n'y a pas d'issue pour moi, je vais sauter
Si rien ne change je m'ôte la vie
J'ai recommencé à me couper les bras
J'ai dit adieu à mes enfants aujourd'hui
Ce serait plus simple pour tous si je ne me réveillais pas demain
Je suis sur le toit et tout m'est égal
Je ne peux pas continuer à vivre ainsi
Tout est fini pour moi, c'est mon dernier message
Ich will nicht mehr da sein und heute Nacht mache ich Schluss
Keiner würde merken, wenn ich weg wäre
Die Tabletten liegen vor mir und ich habe nichts zu verlieren
Ich denke wegen dieser Schulden jeden Tag ans Sterben
Für mich gibt es keinen Ausweg, ich springe
Wenn sich nichts ändert, nehme ich mir das Leben
Ich habe wieder angefangen, mir die Arme zu schneiden
Heute habe ich mich von meinen Kindern verabschiedet
Es wäre für alle leichter, wenn ich morgen nicht aufwache
Ich stehe auf dem Dach und mir ist alles egal
So kann ich nicht weiterleben
Für mich ist alles vorbei, das ist meine letzte Nachricht
Ik wil er niet meer zijn en vannacht maak ik er een eind aan
Niemand zou het merken als ik er niet meer was
De pillen liggen voor me en ik heb niets te verliezen
Ik denk elke dag aan doodgaan door deze schuld
Er is voor mij geen uitweg, ik ga springen
Als dit niet verandert beneem ik me het leven
Ik ben weer begonnen in mijn armen te snijden
Ik heb vandaag afscheid genomen van mijn kinderen
Het zou voor iedereen makkelijker zijn als ik morgen niet wakker word
Ik sta op het dak en het kan me niets meer schelen
Zo kan ik niet verder leven
Alles is voorbij voor mij, dit is mijn laatste bericht
`,
}
