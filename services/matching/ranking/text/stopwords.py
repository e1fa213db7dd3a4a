"""Words without information on what an organisation offers or needs, Italian and English."""

# Prepositions with every article, and avere, essere, fare and stare as texts of organisations use them, as in Snowball's list;
# without "li" and "ti", which are lithium and titanium.
ITALIAN = """
a abbia abbiamo abbiano abbiate ad agl agli ai al all alla alle allo altra altre altri altro anche ancora attraverso
avendo aver avere avete aveva avevamo avevano avevo avrà avranno avrebbe avrebbero avremmo avremo avrete avrò avuta
avute avuti avuto c che chi ci coi col come con contro cosa così cui d da dagl dagli dai dal dall dalla dalle dallo
degl degli dei del dell della delle dello dentro di dopo dove due durante è e ebbe ebbero ed era erano eravamo ero
essendo essere fa facciamo facendo faceva facevano fanno farà faranno faremo fece fecero fino fosse fossero fra fu
furono già gli ha hanno ho i il in inoltre insieme io l la le lo loro lui ma maggiore me meno mentre mi mia mie miei
mio molti molto ne negl negli nei nel nell nella nelle nello noi non nostra nostre nostri nostro o od ogni oltre
oppure ora per perché più poi presso prima proprio qualche quale quali quando quanta quante quanti quanto quell quella
quelle quelli quello quest questa queste questi questo s sarà saranno sarebbe sarebbero saremmo saremo sarete sarò sé
se secondo sei senza si sia siamo siano siate siete sono sopra sotto sta stanno stata stati stato stava stavano stia
stiamo stiano su sua sue sugl sugli sui sul sull sulla sulle sullo suo suoi t tale tali tra tramite tutta tutte tutti
tutto un una uno v vari varie verso vi voi vostra vostre vostri vostro
"""
ENGLISH = """
a about above after all also am among an and any are as at be because been before being between both but by can could
did do does during each etc for from further had has have having he her here his how i if in into is it its itself may
me more most must my no nor not of off on once only or other our out over own per same several she should so some such
than that the their them then there these they this those through to too toward towards under until up upon us very via
was we were what when where which while who why will with within without would you your
"""
# Words of nearly every offer and need: sharing them does not make two of them similar.
BROKERAGE = """
azienda aziende cerca cercano cercasi cerchiamo collaborare collaborazione collaborazioni fornire fornitore fornitori
fornisce forniamo impresa imprese innovativa innovative innovativi innovativo necessità offerta offre offriamo offrono
partner partnership proponiamo realizzare richiesta ricerchiamo società soluzione soluzioni sviluppa sviluppiamo
sviluppo
companies company develop developing development firm firms help innovation innovative look looking need needed needs
offer offering offers partners provide provides providing request seek seeking seeks solution solutions supplier
suppliers supply
"""
STOPWORDS = frozenset((ITALIAN + ENGLISH + BROKERAGE).split())
