"""Names of countries and their peoples, in Italian and English."""

# ISO 3166 code, with the EU's own for Greece and the United Kingdom beside it; words as people write them.
NAMES = """
IT: Italy Italian Italia italiano; FR: France French Francia francese; DE: Germany German Germania tedesco;
ES: Spain Spanish Spagna spagnolo; PT: Portugal Portuguese Portogallo portoghese; PL: Poland Polish Polonia polacco;
GR: Greece Greek Hellenic Grecia greco; EL: Greece Greek Hellenic Grecia greco; NL: Netherlands Dutch Olanda olandese;
BE: Belgium Belgian Belgio belga; SE: Sweden Swedish Svezia svedese; FI: Finland Finnish Finlandia finlandese;
DK: Denmark Danish Danimarca danese; NO: Norway Norwegian Norvegia norvegese; EE: Estonia Estonian Baltic estone;
LV: Latvia Latvian Baltic lettone; LT: Lithuania Lithuanian Baltic lituano; HU: Hungary Hungarian Ungheria ungherese;
CZ: Czechia Czech ceco; SK: Slovakia Slovak slovacco; SI: Slovenia Slovenian Slovene sloveno; HR: Croatia Croatian Croazia croato;
RO: Romania Romanian rumeno; BG: Bulgaria Bulgarian bulgaro; RS: Serbia Serbian serbo; UA: Ukraine Ukrainian Ucraina ucraino;
TR: Turkey Turkish Türkiye Turchia turco; IE: Ireland Irish Irlanda irlandese; AT: Austria Austrian austriaco;
CH: Switzerland Swiss Svizzera svizzero; UK: Britain British UK Kingdom Regno britannico;
GB: Britain British UK Kingdom Regno britannico;
CY: Cyprus Cypriot Cipro cipriota; MT: Malta Maltese; LU: Luxembourg Lussemburgo; IL: Israel Israeli Israele israeliano;
IS: Iceland Icelandic Islanda islandese; US: America American USA americano statunitense; GE: Georgia Georgian;
MD: Moldova Moldovan Moldavia moldavo;
AL: Albania Albanian albanese; BA: Bosnia Bosnian; MK: Macedonia Macedonian; ME: Montenegro; XK: Kosovo; AM: Armenia Armenian;
ZA: Africa African Sudafrica; CN: China Chinese Cina cinese; IN: India Indian indiano; BR: Brazil Brazilian Brasile;
JP: Japan Japanese Giappone giapponese; KR: Korea Korean Corea coreano; CA: Canada Canadian canadese; AU: Australia Australian;
TN: Tunisia Tunisian tunisino; MA: Morocco Moroccan Marocco; EG: Egypt Egyptian Egitto; KE: Kenya Kenyan; NG: Nigeria Nigerian;
GH: Ghana; SN: Senegal; UG: Uganda; TZ: Tanzania; ET: Ethiopia Etiopia; RW: Rwanda Ruanda; MX: Mexico Messico; AR: Argentina;
CL: Chile Cile; CO: Colombia; PE: Peru Perù; VN: Vietnam;
TH: Thailand; ID: Indonesia; NZ: Zealand Zelanda; LB: Lebanon Libano; JO: Jordan Giordania
"""
COUNTRIES: dict[str, tuple[str, ...]] = {
    code.strip(): tuple(words.split()) for code, words in (entry.split(":") for entry in NAMES.split(";"))
}
