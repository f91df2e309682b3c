import type { Sentences } from './severity-sentences.ts'

export const sentencesRomance: Sentences = {
  es: {
    safety: `
el cargador que me vendieron empezó a echar humo y quemó la alfombra
a mi hija le dio una descarga eléctrica la tostadora
los frenos fallaron diez minutos después de salir de su taller
huele mucho a gas desde que vino el técnico
encontré un trozo de cristal en la papilla del bebé
la batería se hinchó y me explotó en el bolsillo
mi hijo tuvo una reacción alérgica porque no ponía frutos secos en la etiqueta
la escalera se rompió y mi marido se partió la pierna
toda la familia acabó con una intoxicación por su pollo
su conductor iba con el móvil y casi atropella a un ciclista
la estufa se incendió anoche mientras dormíamos
la correa de la silla del coche se soltó con mi niño dentro`,
    legal: `
tendrán noticias de mi abogado
les voy a llevar a juicio por esto
esto incumple la ley de consumidores y les denunciaré ante la oficina de consumo
voy a presentar una reclamación ante el defensor del cliente
según la ley de protección de datos exijo una copia de mis datos
mi abogada les enviará un burofax el lunes
ya he avisado al organismo regulador de sus prácticas
nos vemos en los tribunales
consideren esto el aviso de una demanda por incumplimiento de contrato
pienso demandarles por daños y perjuicios
publicaron mi dirección sin consentimiento y eso es ilegal
nuestros letrados nos aconsejan iniciar un procedimiento`,
    discrimination: `
el vigilante me siguió por la tienda por ser negro
la empleada no quiso atendernos porque mi mujer lleva velo
su mecánico me dijo que las mujeres no entienden de motores
el portero no dejó pasar a mi amigo por ir en silla de ruedas
su agente se burló de mi acento y me dijo que volviera a mi país
nos negaron la habitación al ver que somos una pareja gay
el conductor hizo comentarios antisemitas todo el viaje
no nos alquilaron el piso por ser musulmanes
me descartaron por mi edad y lo dijeron abiertamente
su personal insultó a mi esposa con palabras racistas
el camarero dijo que no atienden a gitanos
por ser transexual se rieron de mí dos empleados en el mostrador`,
    fraud: `
alguien abrió una cuenta a mi nombre
hay pagos en mi tarjeta que yo no hice
me llegó un mensaje que se hace pasar por ustedes pidiendo mi código
me hackearon la cuenta y desaparecieron los puntos
llamó un hombre diciendo que era del banco y quería mi pin
este vendedor manda bolsos falsificados con su nombre
unos estafadores han clonado su página
sacaron dinero con una copia de mi tarjeta en otro país
creo que caí en un correo de phishing igual al suyo
me robaron la identidad y pidieron un préstamo
un dispositivo desconocido entró y cambió mi correo
yo nunca firmé este contrato, la firma es falsa`,
    money: `
me cobraron dos veces el mismo pedido
llevo dos meses esperando el reembolso
me quitaron 480 euros de la cuenta sin preguntar
la comisión del extracto nunca fue acordada
la transferencia de mi nómina desapareció
la factura es tres veces más alta que el presupuesto
me siguen cobrando después de darme de baja
me prometieron una compensación y nada
todavía no me devuelven la fianza
la máquina se tragó mi dinero y no dio billete
estoy en números rojos por su cargo equivocado
no aplicaron el descuento y se niegan a corregir la factura`,
    outage: `
todo el pueblo está sin internet desde esta mañana
sus servidores están caídos y nadie en la oficina puede trabajar
la aplicación no funciona desde hace tres horas
no hay luz en la calle desde sus obras
todos los datáfonos de la tienda dejaron de funcionar a la vez
estamos sin agua desde ayer por la tarde
la web da error 503 a todo el mundo
las líneas de teléfono están muertas en todo el barrio
los pagos fallan a todos nuestros clientes
nadie puede iniciar sesión, hay alguna incidencia
el sistema de reservas se cayó en todos los mostradores
se fue la red móvil en toda la región`,
    vulnerable: `
mi madre tiene 91 años y no puede calentar la casa
soy discapacitado y el ascensor lleva una semana averiado
mi bebé depende de un respirador y necesita la luz
acabo de perder a mi marido y no puedo con estas cartas
tenemos un recién nacido y no hay agua caliente
estoy en diálisis y la medicina no llegó
mi padre tiene demencia y firmó algo que no entiende
estoy con quimioterapia y no puedo ir a la oficina
perdí mi trabajo y no tengo para comer hasta el viernes
mi hijo es autista y lo dejaron solo en la parada
soy ciego y su nueva web no funciona con mi lector de pantalla
huyo de una pareja violenta y mandaron la carta a la dirección antigua`,
    'self-harm': `
ya no quiero vivir
me voy a matar
no tiene sentido seguir, todos estarían mejor sin mí
tengo las pastillas listas y esta noche se acaba todo
no dejo de pensar en quitarme la vida
quiero morirme
he vuelto a cortarme
si no se arregla esta deuda me tiro del puente
nadie me echaría de menos si muriera
esta es mi despedida, cuiden de mi perro
no aguanto más y pienso ahorcarme
la semana pasada intenté suicidarme y lo volveré a hacer`,
  },
  fr: {
    safety: `
le chargeur que vous m'avez vendu a fumé et brûlé le tapis
ma fille a pris une décharge électrique avec votre grille-pain
les freins ont lâché dix minutes après votre révision
ça sent fortement le gaz depuis le passage du technicien
j'ai trouvé un morceau de verre dans le petit pot du bébé
la batterie a gonflé et a explosé dans ma poche
mon fils a fait une réaction allergique car les noix n'étaient pas indiquées
l'échelle s'est effondrée et mon mari s'est cassé la jambe
toute la famille a eu une intoxication alimentaire avec votre poulet
votre chauffeur était au téléphone et a failli renverser un cycliste
le radiateur a pris feu cette nuit pendant que nous dormions
la sangle du siège auto s'est détachée avec mon enfant dedans`,
    legal: `
vous aurez des nouvelles de mon avocat
je vais vous traîner devant les tribunaux
c'est contraire au code de la consommation et je vous signale à la répression des fraudes
je saisis le médiateur
au titre du RGPD j'exige une copie de mes données
mon avocate vous enverra une mise en demeure lundi
j'ai prévenu l'autorité de contrôle de vos pratiques
on se verra au tribunal
ceci vaut annonce d'une action en justice pour rupture de contrat
je compte porter plainte et demander des dommages et intérêts
vous avez publié mon adresse sans accord et c'est illégal
nos juristes nous conseillent d'engager une procédure`,
    discrimination: `
votre vigile m'a suivi dans le magasin parce que je suis noir
la vendeuse a refusé de nous servir à cause du voile de ma femme
votre mécanicien m'a dit que les femmes n'y connaissent rien aux moteurs
le videur a refusé mon ami à cause de son fauteuil roulant
votre agent s'est moqué de mon accent et m'a dit de rentrer dans mon pays
on nous a refusé la chambre en voyant que nous sommes un couple gay
le chauffeur a tenu des propos antisémites tout le trajet
ils n'ont pas voulu nous louer l'appartement car nous sommes musulmans
on m'a écarté à cause de mon âge et c'était dit ouvertement
votre personnel a lancé une insulte raciste à ma femme
le serveur a dit qu'on ne sert pas les roms
parce que je suis transgenre deux employés se sont moqués de moi au guichet`,
    fraud: `
quelqu'un a ouvert un compte à mon nom
il y a sur ma carte des paiements que je n'ai jamais faits
j'ai reçu un sms qui se fait passer pour vous et demande mon code
mon compte a été piraté et mes points ont disparu
un homme a appelé en disant être de la banque et voulait mon code secret
ce vendeur envoie des sacs contrefaits sous votre nom
des escrocs ont cloné votre site
on a retiré de l'argent avec une copie de ma carte à l'étranger
je crois être tombé dans un hameçonnage qui vous imite
on a usurpé mon identité pour prendre un crédit
un appareil inconnu s'est connecté et a changé mon adresse mail
je n'ai jamais signé ce contrat, la signature est fausse`,
    money: `
vous m'avez débité deux fois pour la même commande
j'attends mon remboursement depuis deux mois
vous avez prélevé 480 euros sans me demander
les frais du relevé n'ont jamais été convenus
le virement de mon salaire a disparu
la facture est trois fois plus élevée que le devis
vous continuez à me facturer après la résiliation
on m'a promis un dédommagement et rien
ma caution n'est toujours pas rendue
la machine a avalé mon argent sans donner de billet
je suis à découvert à cause de votre prélèvement erroné
la remise n'a pas été appliquée et vous refusez de corriger la facture`,
    outage: `
toute la ville est sans internet depuis ce matin
vos serveurs sont en panne et personne au bureau ne peut travailler
l'application est indisponible depuis trois heures
plus d'électricité dans la rue depuis vos travaux
tous les terminaux de paiement du magasin se sont arrêtés d'un coup
nous n'avons plus d'eau depuis hier soir
le site affiche une erreur 503 pour tout le monde
les lignes téléphoniques sont coupées dans tout le quartier
les paiements échouent pour tous nos clients
personne n'arrive à se connecter, y a-t-il un incident
le système de réservation est tombé à tous les guichets
plus de réseau mobile dans toute la région`,
    vulnerable: `
ma mère a 91 ans et ne peut plus chauffer son appartement
je suis handicapé et l'ascenseur est en panne depuis une semaine
mon bébé est sous respirateur et a besoin du courant
je viens de perdre mon mari et ces lettres me dépassent
nous avons un nouveau-né et pas d'eau chaude
je suis sous dialyse et le médicament n'est pas arrivé
mon père est atteint de démence et a signé sans comprendre
je suis en chimiothérapie et je ne peux pas venir à l'agence
j'ai perdu mon emploi et je n'ai plus de quoi manger avant vendredi
mon fils est autiste et on l'a laissé seul à l'arrêt
je suis aveugle et votre nouveau site ne marche pas avec mon lecteur d'écran
je fuis un conjoint violent et vous avez écrit à l'ancienne adresse`,
    'self-harm': `
je ne veux plus vivre
je vais me tuer
ça ne sert à rien de continuer, tout le monde serait mieux sans moi
j'ai préparé les cachets et ce soir tout s'arrête
je pense sans cesse à mettre fin à mes jours
je veux mourir
je recommence à me scarifier
si cette dette n'est pas réglée je saute du pont
personne ne me regretterait si j'étais mort
ceci est mon adieu, occupez-vous de mon chien
je n'en peux plus et je compte me pendre
j'ai fait une tentative la semaine dernière et je vais recommencer`,
  },
}
