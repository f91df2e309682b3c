// Harmless short messages as people write them, to count false alarms on: none of them was learned from.
const MESSAGES: Readonly<Record<string, string>> = {
  en: `
Hello
Hiya, anyone around?
Good morning!
Morning all
Hi, this is Martin again
told you
is this a person
does a hat count as hand luggage. large hat
Thank you for the quick answer
Thanks, that solved it
ok
Okay then
Yes that is right
No, the other one
Which of the two do you mean?
Sounds good to me
Great stuff
Where is my parcel?
When will it be delivered?
Can I pick it up myself?
Could you send the tracking link again?
I ordered two and got two, all fine
Do you ship to Norway?
What are your opening hours?
How do I change my seat?
Is breakfast included?
The blue one, please
Size 42
It's order 10077
My name is Anna Berg
I moved last month, new address below
My flight is at ten
Can I bring my guitar on board?
Do I need to print the ticket?
Is there parking nearby?
I'll try that tonight
That worked
Still loading...
One more thing
Can you say that again?
What do you mean by that
Never used the app before
I'm just looking
Not today
Talk to you tomorrow
Have a lovely evening
Happy new year to everyone
😀😀😀
👍 thanks
lol ok
`,
  es: `
Hola, buenas tardes
Hola, soy Marta otra vez
Muchas gracias por la respuesta
Gracias, ya lo encontré
Vale, perfecto
Sí, ese mismo
No, el otro
¿Dónde está mi paquete?
¿Cuándo llega mi pedido?
¿Puedo recogerlo en la tienda?
¿Me mandan otra vez el enlace?
¿Hacen envíos a Canarias?
¿Qué horario tienen?
¿Cómo cambio el asiento?
¿Está incluido el desayuno?
El azul, por favor
Talla 38
Es el pedido 10077
Me llamo Ana Ruiz
Me mudé el mes pasado
Mi vuelo sale a las diez
¿Puedo llevar la guitarra a bordo?
¿Un sombrero cuenta como equipaje?
¿Hay aparcamiento cerca?
Lo pruebo esta noche
Funcionó
Una cosa más
¿Puede repetirlo?
¿Qué quiere decir?
Solo estoy mirando
Hoy no
Hablamos mañana
Que pase buena tarde
Feliz año a todos
jajaja vale
¿Hay alguien?
Te lo dije
¿Es usted una persona?
Esperando respuesta
Qué bonito
No tengo prisa
Ya les escribí ayer
El jueves me va bien
Gracias 🙏
Estoy en la puerta 12
`,
  fr: `
Bonjour, bonne année
Bonjour, c'est encore Marie
Merci pour votre réponse rapide
Merci, j'ai trouvé
D'accord, parfait
Oui, celui-ci
Non, l'autre
Où est mon colis ?
Quand arrive ma commande ?
Je peux le retirer en magasin ?
Vous pouvez renvoyer le lien ?
Vous livrez en Corse ?
Quels sont vos horaires ?
Comment changer de place ?
Le petit-déjeuner est compris ?
Le bleu, s'il vous plaît
Taille 40
C'est la commande 10077
Je m'appelle Anne Petit
J'ai déménagé le mois dernier
Mon vol est à dix heures
Je peux prendre ma guitare à bord ?
Un chapeau compte comme bagage ?
Il y a un parking ?
J'essaie ce soir
Ça a marché
Encore une chose
Vous pouvez répéter ?
Que voulez-vous dire ?
Je regarde seulement
Pas aujourd'hui
À demain alors
Bonne soirée à vous
Bonne fête à tous
mdr ok
Quelqu'un est là ?
Je vous avais prévenu
Vous êtes une vraie personne ?
J'attends votre retour
C'est joli
Rien ne presse
J'ai écrit hier
Jeudi me convient
Merci 🙏
Je suis à la porte 12
`,
  de: `
Hallo, frohes neues Jahr
Hallo, hier ist nochmal Karl
Danke für die schnelle Antwort
Danke, ich habe es gefunden
Danke schön
Die Bordkarte zeigt Herr...
Okay, passt so
Ja, genau das
Nein, das andere
Wo ist mein Paket?
Wann kommt meine Bestellung?
Kann ich es selbst abholen?
Können Sie mir den Link nochmal schicken?
Liefern Sie nach Österreich?
Wie sind die Öffnungszeiten?
Wie ändere ich meinen Sitzplatz?
Ist das Frühstück dabei?
Das blaue bitte
Größe 42
Bestellung 10077
Ich heiße Anna Berg
Ich bin letzten Monat umgezogen
Mein Flug geht um zehn
Darf ich meine Gitarre mitnehmen?
Zählt ein Hut als Handgepäck?
Gibt es Parkplätze?
Ich probiere es heute Abend
Hat geklappt
Noch etwas
Können Sie das wiederholen?
Was meinen Sie damit?
Ich schaue nur
Heute nicht
Bis morgen dann
Schönen Abend noch
Frohe Ostern an alle
haha ok
Jemand da?
Sag ich doch
Sind Sie ein echter Mensch?
Ich warte auf Antwort
Wie hübsch
Es eilt nicht
Ich habe gestern geschrieben
Donnerstag passt mir
Danke 🙏
Ich stehe an Gate 12
`,
  nl: `
Hallo, gelukkig nieuwjaar
Hallo, weer even met Karin
Bedankt voor het snelle antwoord
Dank u, ik heb het gevonden
Oké, helemaal goed
Ja, die bedoel ik
Nee, de andere
Waar is mijn pakket?
Wanneer komt mijn bestelling?
Kan ik het zelf ophalen?
Kunt u de link nog eens sturen?
Bezorgen jullie in België?
Wat zijn de openingstijden?
Hoe wijzig ik mijn stoel?
Is het ontbijt inbegrepen?
De blauwe graag
Maat 42
Het is bestelling 10077
Ik heet Anna de Vries
Ik ben vorige maand verhuisd
Mijn vlucht gaat om tien uur
Mag mijn gitaar mee aan boord?
Telt een hoed als handbagage?
Is er parkeerplek?
Ik probeer het vanavond
Het is gelukt
Nog iets
Kunt u dat herhalen?
Wat bedoelt u?
Ik kijk alleen even
Vandaag niet
Tot morgen dan
Fijne avond nog
Prettige feestdagen allemaal
haha oké
Is er iemand?
Ik zei het toch
Bent u een echt persoon?
Ik wacht op antwoord
Wat mooi
Er is geen haast bij
Ik schreef gisteren al
Donderdag komt goed uit
Bedankt 🙏
Ik sta bij gate 12
`,
}

export const everydayMessages = (): { readonly text: string; readonly language: string }[] =>
  Object.entries(MESSAGES).flatMap(([language, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((text) => ({ text, language })),
  )
