import { expect, test } from 'bun:test';
import { visible } from './visible';

test('a name that turns the direction of writing shows what it is', () => {
  expect(visible('invoice\u202Efdp.exe')).toBe('invoice⟨U+202E⟩fdp.exe');
});

test('control characters and invisible spaces are seen', () => {
  expect(visible('a\nb\tc\u0000')).toBe('a␊b␉c␀');
  expect(visible('a\u200Bb\uFEFF')).toBe('a⟨U+200B⟩b⟨U+FEFF⟩');
});

test('letters of any alphabet and ordinary spaces stay', () => {
  for (const name of ['Zürich 2026.pdf', '報告.docx', 'отчёт', '🙂.png', '<img src=x>'])
    expect(visible(name)).toBe(name);
});
