// Writes the pinyin table as C++ from the npm package pinyin-pro: node tools/pinyin/generate.mjs <out.cpp>
//
// Run by the build (cmake/pinyin.cmake); the table is declared and described in core/base/pinyin_table.h. Nothing of the
// package is copied into the repository. What is decided here is only which second readings are worth having: the
// package knows archaic ones too (大 dai, 广 an), and each would double what search must look in.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const packageFolder = path.dirname(require.resolve('pinyin-pro/package.json'));
const { pinyin } = require('pinyin-pro');

const firstCodePoint = 0x4e00;
const lastCodePoint = 0x9fff;
const rareRanges = [[0x3007, 0x3007], [0x3400, 0x4dbf], [0xf900, 0xfaff], [0x20000, 0x323af]];

// Readings of places, dishes and people that the package's words do not show.
const addedReadings = {
  番: 'pan', 莞: 'guan', 六: 'lu', 厦: 'xia', 荥: 'xing', 歙: 'she', 枞: 'zong', 莘: 'xin', 蚌: 'beng', 车: 'ju', 浒: 'xu',
  埔: 'bu', 堡: 'pu', 蔚: 'yu', 尉: 'yu', 涡: 'guo', 泷: 'shuang', 单: 'shan', 珲: 'hun', 晟: 'cheng', 茜: 'xi', 覃: 'tan',
  褚: 'zhu', 谌: 'shen', 隗: 'kui', 缪: 'miao', 翟: 'di', 楂: 'cha', 槟: 'bing', 粘: 'zhan', 勒: 'lei', 夹: 'ga', 咖: 'ga',
  殷: 'yan', 靓: 'jing', 渑: 'mian', 汶: 'men', 玢: 'fen', 朴: 'piao', 钿: 'tian', 禅: 'shan', 盛: 'cheng', 鲑: 'xie',
  南: null, 大: null, 广: null, 石: null, 汤: null, 信: null, 的: null, 合: null, 红: null, 被: null, 着: null, 了: null,
};
// Surnames only in theory: as a first character these are nearly always the ordinary word.
const ordinaryFirst = new Set('六都重能折句召繁乐啜');

const withoutTones = (syllable) =>
  syllable.normalize('NFD').replace(/u\u0308/gu, 'v').replace(/u([\u0300\u0301\u0304\u030c])\u0308/gu, 'v$1').replace(/\p{M}/gu, '');

const isSyllable = (text) => /^[a-z]{1,6}$/u.test(text);

function readingsOf(character) {
  const options = { toneType: 'none', type: 'array', v: true };
  const readings = pinyin(character, { ...options, multiple: true });
  return [...new Set([...pinyin(character, options), ...readings])].filter(isSyllable);
}

const loadWords = async (name) => (await import(pathToFileURL(path.join(packageFolder, 'dist/esm/data', name)))).default;

// How often the package's words (which it has where a reading is not the usual one) show each reading.
async function countReadingsInWords() {
  const counts = new Map();
  for (const name of ['dict2.mjs', 'dict3.mjs', 'dict4.mjs', 'dict5.mjs']) {
    for (const [word, spelling] of Object.entries(await loadWords(name))) {
      const syllables = withoutTones(spelling).split(' ');
      [...word].forEach((character, index) => {
        const key = character + syllables[index];
        counts.set(key, (counts.get(key) ?? 0) + 1);
      });
    }
  }
  return counts;
}

function secondReading(character, readings, counts) {
  if (character in addedReadings) {
    return addedReadings[character];
  }
  const shown = readings.slice(1).map((reading) => ({ reading, count: counts.get(character + reading) ?? 0 }));
  const best = shown.sort((a, b) => b.count - a.count)[0];
  return best && best.count >= 2 ? best.reading : null;
}

// Surnames that are read otherwise than the word: 单 shan, 尉迟 yuchi.
async function surnames(firstReading) {
  const found = [];
  for (const [name, spelling] of Object.entries(await loadWords('surname.mjs'))) {
    const characters = [...name];
    const syllables = withoutTones(spelling).split(' ');
    const differs = characters.some((character, index) => syllables[index] !== firstReading(character));
    const inTable = characters.every((character) => character.codePointAt(0) >= firstCodePoint && character.codePointAt(0) <= lastCodePoint);
    if (differs && inTable && characters.length <= 2 && !ordinaryFirst.has(name)) {
      found.push({ characters, syllables });
    }
  }
  return found.sort((a, b) => (a.characters.join('') < b.characters.join('') ? -1 : 1));
}

async function collect() {
  const counts = await countReadingsInWords();
  const table = { first: [], second: [], rare: [], surnames: [] };
  const known = new Map();
  for (let codePoint = firstCodePoint; codePoint <= lastCodePoint; ++codePoint) {
    const character = String.fromCodePoint(codePoint);
    const readings = readingsOf(character);
    table.first.push(readings[0] ?? '');
    known.set(character, readings[0]);
    const second = secondReading(character, readings, counts);
    if (second) {
      table.second.push([codePoint - firstCodePoint, second]);
    }
  }
  for (const [begin, end] of rareRanges) {
    for (let codePoint = begin; codePoint <= end; ++codePoint) {
      const [reading] = readingsOf(String.fromCodePoint(codePoint));
      if (reading) {
        table.rare.push([codePoint, reading]);
      }
    }
  }
  table.surnames = await surnames((character) => known.get(character));
  return table;
}

function wrapped(numbers) {
  const lines = [];
  for (let begin = 0; begin < numbers.length; begin += 32) {
    lines.push('    ' + numbers.slice(begin, begin + 32).join(','));
  }
  return lines.join(',\n');
}

function array(type, name, numbers) {
  return `namespace {\nconstexpr std::array<${type}, ${numbers.length}> ${name}_data = {\n${wrapped(numbers)}};\n}\n` +
    `constinit const std::span<const ${type}> ${name} = ${name}_data;\n\n`;
}

function asSource(table) {
  const rows = [...table.first, ...table.second.map((row) => row[1]), ...table.rare.map((row) => row[1]),
    ...table.surnames.flatMap((row) => row.syllables)];
  const syllables = ['', ...new Set(rows.filter(Boolean))].sort();
  if (syllables.length > 512) {
    throw new Error(`${syllables.length} syllables do not fit into 9 bits`);
  }
  const index = new Map(syllables.map((syllable, position) => [syllable, position]));
  const indices = table.first.map((syllable) => index.get(syllable));
  const highBits = Array.from({ length: Math.ceil(indices.length / 8) }, (_, byte) =>
    [0, 1, 2, 3, 4, 5, 6, 7].reduce((bits, bit) => bits | (((indices[byte * 8 + bit] ?? 0) >> 8) << bit), 0));
  const pair = (high, low) => (high * 512 + low) >>> 0;
  const offset = (character) => character.codePointAt(0) - firstCodePoint;
  const surnameWords = table.surnames.flatMap(({ characters, syllables: read }) =>
    [offset(characters[0]), characters[1] ? offset(characters[1]) : 0xffff, index.get(read[0]), read[1] ? index.get(read[1]) : 0]);
  return '// Written by tools/pinyin/generate.mjs from the npm package pinyin-pro. Do not edit.\n' +
    '#include "core/base/pinyin_table.h"\n\n#include <array>\n\nnamespace kehubu::pinyin_table {\n\n' +
    array('char', 'syllables', [...syllables.map((syllable) => syllable.padEnd(6, ' ')).join('')].map((letter) => letter.charCodeAt(0))) +
    array('std::uint8_t', 'first_low', indices.map((value) => value & 255)) +
    array('std::uint8_t', 'first_high', highBits) +
    array('std::uint32_t', 'second', table.second.map(([position, syllable]) => pair(position, index.get(syllable)))) +
    array('std::uint32_t', 'rare', table.rare.map(([codePoint, syllable]) => pair(codePoint, index.get(syllable)))) +
    array('std::uint16_t', 'surnames', surnameWords) +
    '}  // namespace kehubu::pinyin_table\n';
}

const [outputPath] = process.argv.slice(2);
if (!outputPath) {
  console.error('usage: node tools/pinyin/generate.mjs <out.cpp>');
  process.exit(2);
}
mkdirSync(path.dirname(path.resolve(outputPath)), { recursive: true });
writeFileSync(outputPath, asSource(await collect()));
