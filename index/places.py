"""Which places do people name alone, "and in Kenya?", after a question of pay, degrees or jobs? Pure."""

# Left out are those that are more often another word: Georgia and Chad stand, Java, Nice and Reading do not.
_WORLD = """
    africa|asia|europe|the eu|eu|the middle east|middle east|the balkans|scandinavia|eastern europe|
    western europe|latin america|central america|south america|north america|the caribbean|the gulf|
    southeast asia|south asia|my country|my city|our country|other countries|the world|third world countries|
    developing countries
"""
_COUNTRIES = """
    afghanistan|albania|algeria|angola|argentina|armenia|australia|austria|azerbaijan|bahrain|bangladesh|
    belarus|belgium|benin|bhutan|bolivia|bosnia|botswana|brazil|brasil|bulgaria|burkina faso|burundi|
    cambodia|cameroon|canada|chad|chile|china|colombia|costa rica|croatia|cuba|cyprus|czechia|
    czech republic|the czech republic|denmark|dominican republic|ecuador|egypt|el salvador|england|eritrea|
    estonia|ethiopia|finland|france|gabon|gambia|georgia|germany|ghana|great britain|britain|greece|guatemala|
    guinea|haiti|honduras|hong kong|hungary|iceland|india|indonesia|iran|iraq|ireland|northern ireland|israel|
    italy|ivory coast|jamaica|japan|jordan|kazakhstan|kenya|korea|south korea|kosovo|kuwait|kyrgyzstan|laos|
    latvia|lebanon|lesotho|liberia|libya|lithuania|luxembourg|madagascar|malawi|malaysia|maldives|mali|malta|
    mauritania|mauritius|mexico|moldova|mongolia|montenegro|morocco|mozambique|myanmar|namibia|nepal|
    the netherlands|netherlands|holland|new zealand|nicaragua|niger|nigeria|north macedonia|macedonia|norway|
    oman|pakistan|palestine|panama|papua new guinea|paraguay|peru|the philippines|philippines|poland|portugal|
    puerto rico|qatar|romania|russia|rwanda|saudi arabia|scotland|senegal|serbia|sierra leone|singapore|
    slovakia|slovenia|somalia|south africa|spain|sri lanka|sudan|sweden|switzerland|syria|taiwan|tajikistan|
    tanzania|thailand|togo|trinidad|tunisia|turkey|turkiye|uganda|ukraine|the emirates|emirates|uae|the uae|
    the uk|uk|united kingdom|the united kingdom|america|the us|the usa|usa|u\\.s\\.a?\\.?|united states|
    the united states|the states|uruguay|uzbekistan|venezuela|vietnam|wales|yemen|zambia|zimbabwe
"""
_CITIES = """
    abuja|accra|addis ababa|amsterdam|ankara|athens|atlanta|austin|bangalore|bengaluru|bangkok|barcelona|
    beijing|beirut|belgrade|berlin|bogota|boston|bratislava|brussels|bucharest|budapest|buenos aires|cairo|
    cape town|casablanca|chennai|chicago|cologne|colombo|copenhagen|dakar|dallas|delhi|new delhi|denver|dhaka|
    doha|dubai|dublin|edinburgh|frankfurt|geneva|hamburg|hanoi|helsinki|ho chi minh city|houston|hyderabad|
    islamabad|istanbul|jakarta|johannesburg|karachi|kathmandu|kiev|kyiv|kolkata|krakow|kuala lumpur|lagos|
    lahore|lima|lisbon|london|los angeles|madrid|manchester|manila|melbourne|mexico city|miami|milan|montreal|
    moscow|mumbai|munich|nairobi|new york|nyc|oslo|ottawa|paris|prague|pune|riga|rio de janeiro|riyadh|rome|
    san francisco|the bay area|bay area|santiago|sao paulo|são paulo|seattle|seoul|shanghai|shenzhen|
    silicon valley|sofia|stockholm|stuttgart|sydney|tallinn|tehran|tel aviv|texas|california|tokyo|toronto|
    tunis|vancouver|vienna|vilnius|warsaw|washington|zagreb|zurich|zürich
"""
PLACES = "|".join(place.strip() for part in (_WORLD, _COUNTRIES, _CITIES) for place in part.split("|"))
