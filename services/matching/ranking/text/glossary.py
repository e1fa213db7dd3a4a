"""Italian words and phrases of the districts' trades with their English equivalents.

Words that both languages spell alike (`laser`, `biopolimero`) are not listed: `vectorizer.py` matches them by their letters.
"""

MATERIALS = """
acciaio: steel; acciaio inossidabile: stainless steel; acciaieria: steelworks; alluminio: aluminium; argento: silver; argilla:
clay; asfalto: asphalt; calce: lime; calcestruzzo: concrete; cemento: cement; cera: wax; ceramica: ceramic; colla: adhesive;
adesivo: adhesive; conglomerato: conglomerate; cuoio: leather; pelle: leather; pelli: leather; pelletteria: leather goods;
ferro: iron; fibra: fibre; fibra di carbonio: carbon fibre; fibra ottica: optical fibre; fibra di vetro: glass fibre; filo:
yarn; filato: yarn; fili: yarn; filatura: spinning; gesso: gypsum; ghisa: cast iron; gomma: rubber; grafene: graphene; lamiera:
sheet metal; lana: wool; legno: wood; legname: timber; lega: alloy; leghe: alloys; leghe leggere: light alloys; lino: flax;
canapa: hemp; marmo: marble; lapideo: stone; pietra: stone; pietre: stone; granito: granite; travertino: travertine; lastra:
slab; lastre: slab; blocchi: block; blocco: block; cava: quarry; cave: quarry; marmettola: marble slurry; fanghi: sludge; fango:
sludge; ottone: brass; oro: gold; gioielli: jewellery; oreficeria: jewellery; orafo: goldsmith; gioielleria: jewellery; piombo:
lead; plastica: plastic; materie plastiche: plastics; polvere: powder; polveri: powder; rame: copper; resina: resin; sabbia:
sand; schiuma: foam; seta: silk; cotone: cotton; stoffa: fabric; tessuto: fabric; tessuti: fabric; tessile: textile; tela:
canvas; maglia: knitted; maglieria: knitwear; vetro: glass; vetri: glass; vernice: paint; vernici: paint; verniciatura:
painting; pittura: paint; rivestimento: coating; rivestimenti: coating; inchiostro: ink; smalto: enamel; stagno: tin; zinco:
zinc; carta: paper; cartiera: paper mill; cartone: cardboard; cartario: paper; imballaggio: packaging; imballaggi: packaging;
confezionamento: packaging; pellicola: film; membrana: membrane; sughero: cork; bambù: bamboo; spugna: sponge; terre rare: rare
earths; materie prime: raw materials; materie prime critiche: critical raw materials; materia prima: raw material; film sottile:
thin film; film sottili: thin film; nanotubi: nanotube; mattone: brick; piastrella: tile; piastrelle: tile; mattonella: tile;
malta: mortar; intonaco: plaster; compositi: composite; feltro: felt; pizzo: lace; suola: sole; suole: sole; tomaia: upper;
calzatura: footwear; calzature: footwear; scarpa: shoe; scarpe: shoe; borsa: bag; borse: bag; abito: garment; abiti: garment;
capo: garment; capi: garment; abbigliamento: clothing; moda: fashion; arredo: furniture; arredamento: furniture; mobile:
furniture; mobili: furniture; divano: sofa; sedia: chair; sedie: chair; cucina: kitchen
"""
MAKING = """
affidabilità: reliability; affilatura: sharpening; albero: shaft; apparecchiatura: equipment; apparecchiature: equipment;
assemblaggio: assembly; montaggio: assembly; attrezzatura: equipment; attrezzature: equipment; attrito: friction; avanzata:
advanced; avanzato: advanced; automatizzare: automate; banco: bench; banco prova: test bench; braccio: arm; catena: chain;
filiera: supply chain; catena di fornitura: supply chain; collaudo: testing; prova: test; prove: test; cerniera: hinge; concia:
tanning; conceria: tannery; controllo qualità: quality control; controllo: control; controlli non distruttivi: non-destructive
testing; cuscinetto: bearing; cuscinetti: bearing; cucitura: sewing; cucire: sewing; difetto: defect; difetti: defect; disegno:
drawing; durata: lifetime; fabbrica: factory; fabbrica intelligente: smart factory; fabbricazione: manufacturing; manifattura:
manufacturing; manifatturiero: manufacturing; manifattura additiva: additive manufacturing; stampa 3d: 3d printing; stampante
3d: 3d printer; stampa tridimensionale: 3d printing; fatica: fatigue; finitura: finishing; fonderia: foundry; fusione: casting;
pressofusione: die casting; forno: furnace; forni: furnace; foro: hole; foratura: drilling; fresatura: milling; tornitura:
turning; gemello digitale: digital twin; gemelli digitali: digital twin; giunto: joint; giunzione: joining; guarnizione: gasket;
guasto: fault; guasti: fault; impianto: plant; impianti: plant; impianto pilota: pilot plant; incollaggio: bonding; ingranaggio:
gear; ingranaggi: gear; lavaggio: washing; lavorazione: machining; lavorazioni: machining; levigatura: polishing; lucidatura:
polishing; linea di produzione: production line; macchina: machine; macchine: machine; macchinario: machinery; macchinari:
machinery; macchina utensile: machine tool; manutenzione: maintenance; manutenzione predittiva: predictive maintenance;
magazzino: warehouse; misura: measurement; misure: measurement; misurazione: measurement; molla: spring; motore: engine; motori:
engine; nastro trasportatore: conveyor belt; officina: workshop; ordito: warp; telaio: loom; telai: loom; tessitura: weaving;
tintura: dyeing; tintoria: dyeing; tingere: dyeing; colorante: dye; coloranti: dye; stampa: printing; stampaggio: moulding;
stampaggio a iniezione: injection moulding; stampo: mould; stampi: mould; pezzo: part; pezzi: part; pezzi di ricambio: spare
parts; ricambi: spare parts; pinza: gripper; pinze: gripper; pompa: pump; pompe: pump; pressa: press; produzione: production;
progettazione: design; progetto: project; prototipo: prototype; prototipazione: prototyping; rettifica: grinding; robot
collaborativo: collaborative robot; ruota: wheel; ruote: wheel; saldatura: welding; saldare: welding; scarto: waste; scarti:
waste; sfridi: offcuts; sfrido: offcuts; scanalatura: groove; segagione: sawing; sega: saw; taglio: cutting; tagliare: cutting;
taratura: calibration; temperatura: temperature; tempra: hardening; tornio: lathe; trattamento: treatment; trattamenti:
treatment; trattamento termico: heat treatment; trattamento superficiale: surface treatment; tubo: pipe; tubi: pipe; tubazione:
pipe; tubazioni: pipe; usura: wear; utensile: tool; utensili: tool; valvola: valve; valvole: valve; vite: screw; viti: screw;
vuoto: vacuum; sotto vuoto: vacuum; resistenza: resistance; resistente: resistant; ruvidità: roughness; rugosità: roughness;
sforzo: stress; flusso: flow; spessore: thickness; peso: weight; leggero: lightweight; alleggerimento: lightweighting;
ritardante di fiamma: flame retardant; ignifugo: flame retardant; idrorepellente: water repellent; antimacchia: stain resistant;
crosta: crust; posatura: laying; scansione: scanning; rilievo: survey; imbottitura: padding; cablaggio: wiring; quadro
elettrico: switchboard
"""
DIGITAL = """
addestramento: training; addestrare: train; apprendimento automatico: machine learning; apprendimento: learning; apprendimento
profondo: deep learning; rete neurale: neural network; reti neurali: neural network; intelligenza artificiale: artificial
intelligence; ia: ai; rete: network; reti: network; archivio: archive; archivi: archive; base di dati: database; banca dati:
database; dati: data; dato: data; calcolo: computing; calcolo ad alte prestazioni: high performance computing; catena di
blocchi: blockchain; cifratura: encryption; crittografia: cryptography; sicurezza informatica: cybersecurity; cibersicurezza:
cybersecurity; attacchi informatici: cyber attack; attacco: attack; conversazione: conversation; elaborazione: processing;
elaborazione del linguaggio naturale: natural language processing; linguaggio: language; riconoscimento: recognition;
riconoscimento vocale: speech recognition; voce: voice; visione artificiale: machine vision; visione: vision; immagine: image;
immagini: image; ripresa: footage; telecamera: camera; telecamere: camera; fotocamera: camera; fotografia: photograph;
fotografie: photograph; iperspettrale: hyperspectral; infrarosso: infrared; ultravioletto: ultraviolet; luce: light; lente:
lens; lenti: lens; specchio: mirror; guida d'onda: waveguide; onda: wave; onde: wave; raggi x: x-ray; raggio: beam; fascio:
beam; sorgente: source; sorgenti: source; rivelatore: detector; rivelatori: detector; rilevatore: detector; rilevamento:
detection; rilevazione: detection; rilevare: detection; ritrovamento: finding; sensoristica: sensors; segnale: signal; segnali:
signal; rumore: noise; vibrazione: vibration; vibrazioni: vibration; scheda: board; schede elettroniche: electronic boards;
circuito stampato: printed circuit board; circuito: circuit; circuiti: circuit; semiconduttori: semiconductor; semiconduttore:
semiconductor; indossabile: wearable; indossabili: wearable; internet delle cose: internet of things; iot: internet of things;
etichetta: label; etichette: label; etichettatura: labelling; tracciabilità: traceability; tracciare: tracking; tracciamento:
tracking; passaporto digitale: digital passport; piattaforma: platform; piattaforme: platform; realtà aumentata: augmented
reality; realtà virtuale: virtual reality; realtà: reality; visore: headset; visori: headset; satellitare: satellite;
telerilevamento: remote sensing; osservazione della terra: earth observation; volo: flight; volante: flying; mappatura: mapping;
mappa: map; mappe: map; previsione: forecasting; previsioni: forecasting; prevedere: forecasting; ottimizzazione: optimisation;
ottimizzare: optimisation; pianificazione: planning; programmazione della produzione: production scheduling; sistema: system;
sistemi: system; sviluppatori: developers; gestione: management; gestire: management; gestionale: management software;
monitoraggio: monitoring; sorveglianza: surveillance; sorvegliare: monitoring; senza fili: wireless; banda larga: broadband;
strumento: instrument; strumenti: instrument; strumentazione: instrumentation; utente: user; utenti: user; firma: signature;
commercio elettronico: e-commerce; vendita: sales; vendite: sales; negozio: shop; negozi: shop; magazzini: warehouse;
videogioco: video game; videogiochi: video game; gioco: game; bene culturale: cultural heritage; beni culturali: cultural
heritage; patrimonio culturale: cultural heritage; museo: museum; musei: museum; affresco: fresco; affreschi: fresco; dipinto:
painting; quadri: paintings; restauro: restoration; restauratore: restorer; scavo: excavation; visitatore: visitor; visitatori:
visitor; turismo: tourism; turista: tourist; turisti: tourist; viaggio: travel; albergo: hotel; alberghi: hotel; prenotazione:
booking; fiera: fair; insegnamento: teaching; scuola: school; scuole: school; formazione: training; competenze: skills;
lavoratore: worker; lavoratori: worker; operai: workers; lavoro: work; sicurezza sul lavoro: occupational safety; sicurezza:
safety; infortuni: accidents; cantiere: construction site
"""
ENERGY = """
accumulo: storage; accumulo di energia: energy storage; accumulo termico: thermal storage; acqua: water; acque: water; acque
reflue: wastewater; reflui: wastewater; reflue: wastewater; acqua potabile: drinking water; acque di scarico: wastewater;
acquedotto: water supply network; perdita: leak; perdite: leak; perdite idriche: water leak; idrico: water; depurazione:
purification; depuratore: wastewater treatment plant; dissalazione: desalination; falda: groundwater; acque sotterranee:
groundwater; alga: algae; alghe: algae; mare: sea; marino: marine; oceano: ocean; costa: coast; costiero: coastal; erosione:
erosion; spiaggia: beach; onda marina: sea wave; ambiente: environment; ambientale: environmental; aria: air; qualità dell'aria:
air quality; inquinamento: pollution; inquinante: pollutant; inquinanti: pollutant; bonifica: remediation; suolo: soil; terreno:
soil; terreni: soil; rifiuto: waste; rifiuti: waste; riciclo: recycling; riciclaggio: recycling; riciclato: recycled; riciclata:
recycled; riciclare: recycling; recupero: recovery; recuperare: recovery; riuso: reuse; riutilizzo: reuse; riutilizzare: reuse;
economia circolare: circular economy; sottoprodotto: by-product; sottoprodotti: by-product; impronta di carbonio: carbon
footprint; anidride carbonica: carbon dioxide; cattura della co2: carbon capture; emissione: emission; emissioni: emission;
riscaldamento: heating; raffreddamento: cooling; teleriscaldamento: district heating; calore: heat; calore di scarto: waste
heat; cascame termico: waste heat; pompa di calore: heat pump; pompe di calore: heat pump; caldaia: boiler; caldaie: boiler;
scambiatore di calore: heat exchanger; scambiatori: heat exchanger; isolamento: insulation; isolante: insulation; edificio:
building; edifici: building; edilizia: construction; costruzione: construction; costruzioni: construction; ponte: bridge; ponti:
bridge; strada: road; strade: road; galleria: tunnel; gallerie: tunnel; terremoto: earthquake; sismico: seismic; frana:
landslide; frane: landslide; alluvione: flood; alluvioni: flood; incendio: fire; incendi: fire; incendi boschivi: forest fire;
bosco: forest; boschi: forest; foresta: forest; combustibile: fuel; carburante: fuel; carburanti: fuel; combustione: combustion;
idrogeno: hydrogen; idrogeno verde: green hydrogen; elettrolizzatore: electrolyser; cella a combustibile: fuel cell; celle a
combustibile: fuel cell; cella: cell; celle: cell; batteria: battery; batterie: battery; ricarica: charging; colonnina: charging
station; colonnine: charging station; rete elettrica: power grid; rete intelligente: smart grid; corrente: current; comunità
energetica: energy community; comunità energetiche: energy community; energia: energy; energie rinnovabili: renewable energy;
rinnovabile: renewable; rinnovabili: renewable; fotovoltaico: photovoltaic; pannello: panel; pannelli: panel; pannelli solari:
solar panel; sole: sun; eolico: wind power; pala eolica: wind turbine blade; pale: blade; vento: wind; geotermia: geothermal;
geotermico: geothermal; vapore: steam; biometano: biomethane; potenza: power; elettricità: electricity; consumo: consumption;
consumi: consumption; risparmio: saving; risparmio energetico: energy saving; efficienza: efficiency; efficienza energetica:
energy efficiency; illuminazione: lighting; lampada: lamp; bolletta: bill; nave: ship; navi: ship; navale: ship; nautica:
boating; nautico: nautical; barca: boat; barche: boat; imbarcazione: boat; imbarcazioni: boat; vela: sail; scafo: hull; scafi:
hull; antivegetativa: antifouling; antivegetativo: antifouling; ormeggio: mooring; porto: port; porti: port; portuale: port;
banchina: quay; cantieristica: shipbuilding; cantiere navale: shipyard; cantieri navali: shipyard; ferrovia: railway;
ferroviario: railway; ferroviaria: railway; treno: train; treni: train; rotaia: rail; binario: track; binari: track; carrello:
bogie; frenata: braking; freno: brake; freni: brake; deragliamento: derailment; segnalamento: signalling; locomotiva:
locomotive; veicolo: vehicle; veicoli: vehicle; auto: car; automobile: car; trasporto: transport; trasporti: transport; merce:
goods; merci: freight; consegna: delivery; consegne: delivery; spedizione: shipping; traffico: traffic; guida autonoma:
autonomous driving; autobus: bus; bicicletta: bicycle; biciclette: bicycle; mobilità: mobility; pneumatico: tyre; pneumatici:
tyre; aereo: aircraft; aerospaziale: aerospace
"""
LIFE = """
affinità: affinity; alimentare: food; alimenti: food; alimento: food; cibo: food; alimentazione: nutrition; nutrizione:
nutrition; agricoltura: agriculture; agricolo: agricultural; agricola: agricultural; agricoltura di precisione: precision
farming; azienda agricola: farm; irrigazione: irrigation; coltura: crop; colture: crop; coltivazione: cultivation; raccolto:
harvest; raccolta: collection; vigneto: vineyard; vigneti: vineyard; vino: wine; uva: grape; cantina: winery; vinacce: grape
pomace; olivo: olive; oliva: olive; olio: oil; oli: oil; olio d'oliva: olive oil; frantoio: oil mill; sansa: olive pomace;
grano: wheat; pane: bread; latte: milk; formaggio: cheese; latteria: dairy; caseario: dairy; siero: whey; siero di latte: whey;
carne: meat; pesce: fish; pesca: fishing; acquacoltura: aquaculture; allevamento: livestock farming; bestiame: livestock;
animali: animal; ape: bee; api: bee; pianta: plant species; piante: plant species; seme: seed; semi: seed; fertilizzante:
fertiliser; concime: fertiliser; fitofarmaci: pesticide; pesticidi: pesticide; parassita: pest; parassiti: pest; conservazione:
preservation; scadenza: shelf life; freschezza: freshness; crusca: bran; frutta: fruit; verdura: vegetable; ortofrutta: fruit
and vegetables; zucchero: sugar; integratore: food supplement; integratori: food supplement; lievito: yeast; batterio: bacteria;
batteri: bacteria; muffa: mould fungus; fungo: fungus; funghi: fungi; cellula: cell biology; cellule: cell biology; cellule
staminali: stem cell; malattia: disease; malattie: disease; malattie rare: rare disease; cura: care; cure: care; dispositivo
medico: medical device; dispositivi medici: medical device; dispositivo: device; dispositivi: device; diagnosi: diagnosis;
diagnosi precoce: early diagnosis; farmaco: drug; farmaci: drug; rilascio di farmaci: drug delivery; medicina: medicine; medico:
physician; medici: physician; infermiere: nurse; ospedale: hospital; ospedali: hospital; ospedaliero: hospital; paziente:
patient; pazienti: patient; salute: health; sanità: healthcare; sanitario: healthcare; assistenza: care; assistenza domiciliare:
home care; anziano: elderly; anziani: elderly; bambino: child; bambini: child; disabile: disabled; disabilità: disability;
riabilitazione: rehabilitation; protesi: prosthesis; ortopedico: orthopaedic; osso: bone; ossa: bone; cartilagine: cartilage;
muscolo: muscle; cuore: heart; cardiaco: cardiac; sangue: blood; rene: kidney; fegato: liver; polmone: lung; cervello: brain;
occhio: eye; occhi: eye; occhiali: eyeglasses; vista: eyesight; udito: hearing; pelle umana: skin; cute: skin; ferita: wound;
ferite: wound; cerotto: plaster patch; medicazione: dressing; chirurgia: surgery; chirurgico: surgical; tumore: tumour; tumori:
tumour; cancro: cancer; vaccino: vaccine; vaccini: vaccine; anticorpo: antibody; anticorpi: antibody; proteina: protein;
proteine: protein; terapia: therapy; terapie: therapy; ecografia: ultrasound; risonanza magnetica: magnetic resonance;
radiografia: radiography; sonno: sleep; respiro: breathing; cosmetico: cosmetic; cosmetici: cosmetics; profumo: perfume; chimica
verde: green chemistry; chimica: chemistry; chimico: chemical; sintesi: synthesis; solvente: solvent; solventi: solvent;
catalizzatore: catalyst; catalizzatori: catalyst; reagente: reagent; reattore: reactor; enzima: enzyme; enzimi: enzyme;
fermentazione: fermentation; estrazione: extraction; estratto: extract; estratti: extract; odore: odour; odori: odour; sapore:
taste; naso elettronico: electronic nose; analisi: analysis; campione: sample; campioni: sample; laboratorio: laboratory;
laboratori: laboratory; ricerca: research; ricercatori: researchers; brevetto: patent; brevetti: patent; bando: call;
finanziamento: funding; finanziamenti: funding; investimento: investment; investitore: investor; investitori: investor;
capitale: capital; prestito: loan; mercato: market; mercati: market; cliente: customer; clienti: customer; costo: cost; costi:
cost; prezzo: price; prezzi: price; assicurazione: insurance; banca: bank; pagamento: payment; pagamenti: payment; città: city;
casa: home; case: home; domestico: home; tempo reale: real time; basso costo: low cost; alta temperatura: high temperature; alta
pressione: high pressure; pressione: pressure; peso molecolare: molecular weight; prestazioni: performance; nuovo: new; nuovi:
new; nuova: new; piccolo: small; piccole: small; grande: large; uso: use; mano: hand; mani: hand; dito: finger; corpo: body;
viso: face; movimento: motion; posizione: position; spazio: space; distanza: distance; superficie: surface; superfici: surface;
profondità: depth; velocità: speed; qualità: quality; quantità: quantity; tossico: toxic; tossicità: toxicity; rischio: risk;
rischi: risk; durevole: durable; sostenibile: sustainable; sostenibilità: sustainability; biodegradabile: biodegradable;
compostabile: compostable; naturale: natural; vegetale: plant-based; sviluppare: develop; alimentari: food; ispezione:
inspection; ispezioni: inspection; ispezionare: inspection; bisturi: scalpel; siringa: syringe; ago: needle; aghi: needle;
nebbia: fog; pioggia: rain; gelo: frost; siccità: drought; meteo: weather; cielo: sky; stella: star; terra: earth; peste:
plague; zanzara: mosquito; zanzare: mosquito; insetto: insect; insetti: insect; lotta: control; cinghiali: wild boar; trattore:
tractor; trattori: tractor; mungitura: milking; stalla: barn; mangime: feed; mangimi: feed; macello: slaughterhouse; bottiglia:
bottle; bottiglie: bottle; tappo: stopper; botte: barrel; botti: barrel; lattina: can; scatola: box; vaschetta: tray; guanto:
glove; guanti: glove; casco: helmet; caschi: helmet; mascherina: face mask; mascherine: face mask; tuta: suit; giubbotto:
jacket; caduta: fall; cadute: fall; deambulazione: walking; camminata: gait; postura: posture; mal di schiena: back pain;
dolore: pain; cecità: blindness; ipovedenti: visually impaired; non vedenti: blind people; sordi: deaf; autismo: autism;
diabete: diabetes; glicemia: blood glucose; ictus: stroke; denti: teeth; dente: tooth; dentale: dental; dentista: dentist;
impianto dentale: dental implant; respiratorio: respiratory; pressione sanguigna: blood pressure; parto: childbirth; gravidanza:
pregnancy; neonati: newborn; neonato: newborn; veleno: poison; amianto: asbestos; radon: radon; rumori: noise; acustico:
acoustic; acustica: acoustic; fonoassorbente: sound absorbing; insonorizzazione: soundproofing; serramento: window frame;
serramenti: window frame; infissi: window frame; finestra: window; finestre: window; porta: door; porte: door; tetto: roof;
tetti: roof; parete: wall; pareti: wall; muro: wall; muri: wall; pavimento: floor; pavimenti: flooring; fondazioni: foundation;
trave: beam; travi: beam; crepa: crack; crepe: crack; cricca: crack; cricche: crack; fessura: crack; fessure: crack; ruggine:
rust; corrosione: corrosion; incrostazioni: scaling; calcare: limescale; sale: salt; salino: saline; salmastra: brackish;
ghiaccio: ice; neve: snow; fumo: smoke; fumi: flue gas; cenere: ash; ceneri: ash; carbone: coal; carbonio: carbon; azoto:
nitrogen; ossigeno: oxygen; ossido: oxide; ossidi: oxide; zolfo: sulphur; fosforo: phosphorus; cromo: chromium; nichel: nickel;
litio: lithium; cobalto: cobalt; silicio: silicon; mercurio: mercury; acido: acid; sapone: soap; detergente: detergent;
detergenti: detergent; disinfezione: disinfection; sanificazione: sanitisation; sterilizzazione: sterilisation; pulizia:
cleaning; pulire: cleaning; lavatrice: washing machine; lavanderia: laundry; asciugatura: drying; essiccazione: drying;
essiccatore: dryer; macinazione: grinding; miscelazione: mixing; filtro: filter; filtri: filter; filtrazione: filtration;
setaccio: sieve; serbatoio: tank; serbatoi: tank; vasca: tank; bacino: basin; fiume: river; fiumi: river; lago: lake; diga: dam;
argine: embankment; pozzo: well; pozzi: well; sorgente idrica: spring water; contatore: meter; contatori: meter; bilancia:
scale; pesatura: weighing; orologio: watch; orologi: watch; chiave: key; serratura: lock; chiusura: closure; nodo: node; corda:
rope; corde: rope; cavo: cable; cavi: cable; fune: cable; ascensore: lift; gru: crane; muletto: forklift; carrelli elevatori:
forklift; scaffale: shelf; scaffali: shelf; pallet: pallet; imbarco: boarding; passeggeri: passenger; passeggero: passenger;
biglietto: ticket; biglietti: ticket; parcheggio: parking; parcheggi: parking; semaforo: traffic light; incrocio: crossing;
pedone: pedestrian; pedoni: pedestrian; guidatore: driver; conducente: driver; autista: driver; flotta: fleet; flotte: fleet;
percorso: route; percorsi: route; mappe stradali: road map; ultimo miglio: last mile; sartoria: tailoring; modellista: pattern
maker; cartamodello: sewing pattern; taglia: size; taglie: size; colore: colour; colori: colour; disegnatore: designer;
stilista: fashion designer; collezione: collection; sfilata: fashion show; ricamo: embroidery; bottone: button; bottoni: button;
cerniere: zip; tappeto: carpet; tappeti: carpet; tenda: curtain; tende: curtain; materasso: mattress; materassi: mattress;
cuscino: cushion; impiallacciatura: veneer; truciolare: chipboard; falegnameria: joinery; falegname: carpenter; segheria:
sawmill; scultura: sculpture; sculture: sculpture; statua: statue; statue: statue; mosaico: mosaic; archeologia: archaeology;
archeologico: archaeological; biblioteca: library; libro: book; libri: book; manoscritti: manuscript; spettacolo: show; musica:
music; strumento musicale: musical instrument; insegnante: teacher; studenti: student; apprendisti: apprentice; turni: shift;
ergonomia: ergonomics; ergonomico: ergonomic; esoscheletro: exoskeleton; esoscheletri: exoskeleton; sollevamento: lifting;
saldatore: welder; tappezzeria: upholstery; simulatore: simulator; simulazione: simulation; simulazioni: simulation;
calcolatore: computer; calcolatori: computer; nuvola: cloud; riservatezza: privacy; frode: fraud; frodi: fraud; contraffazione:
counterfeiting; falsi: counterfeit; anticontraffazione: anti-counterfeiting; autenticità: authenticity; identità: identity;
accesso: access; cruscotto: dashboard; allarme: alarm; avviso: alert; soglia: threshold; anomalia: anomaly; anomalie: anomaly;
apparecchi: appliance; elettrodomestici: household appliance; elettrodomestico: household appliance; frigorifero: refrigerator;
refrigerazione: refrigeration; catena del freddo: cold chain; freddo: cold; caldo: hot; vuoti: void; bolla: bubble; bolle:
bubble; goccia: droplet; gocce: droplet; getto: jet; ugello: nozzle; ugelli: nozzle; spruzzo: spray; nebulizzazione: spraying;
elica: propeller; eliche: propeller; timone: rudder; chiglia: keel; albero motore: crankshaft; cambio: gearbox; riduttore:
gearbox; riduttori: gearbox; frizione: clutch; sospensione: suspension; sospensioni: suspension; telaio veicolo: chassis;
carrozzeria: bodywork; parabrezza: windscreen; cruscotti: dashboard
"""
ENGLISH_VARIANTS = """
fiber: fibre; color: colour; aluminum: aluminium; mold: mould; molding: moulding; tire: tyre; tumor: tumour; behavior:
behaviour; wastewater: waste water; cyber security: cybersecurity; e-commerce: ecommerce; artificial intelligence: ai; internet
of things: iot; digital twins: digital twin; 3d printing: additive manufacturing; jewelry: jewellery; fertilizer: fertiliser;
sulfur: sulphur; unmanned aerial vehicle: drone; uav: drone; uavs: drone; eyewear: eyeglasses; garments: garment; apparel:
clothing; clothes: clothing; paediatric: child; older people: elderly; physician: doctor
"""
ITALIAN_ENGLISH = ";".join((MATERIALS, MAKING, DIGITAL, ENERGY, LIFE))


def pairs(table: str) -> list[tuple[str, str]]:
    """Parse a table: `term: meaning` entries separated by semicolons."""
    entries = [" ".join(entry.split()).split(": ") for entry in table.split(";")]
    return [(term, meaning) for term, meaning in entries]
