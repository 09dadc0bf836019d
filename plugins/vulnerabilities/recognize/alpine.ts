import { isWord, ofText } from '../component';
import { fieldsOf } from './fields';

/** The description of a package of Alpine (apk-package(5), "PKGINFO"); Arch's packages have one of the same name. */
export const alpine = ofText(/(^|\/)\.PKGINFO$/, (text) => {
  if (text.includes('makepkg')) return [];
  const fields = fieldsOf(text, '=');
  const [name, version] = [fields.get('pkgname'), fields.get('pkgver')];
  if (!isWord(name) || !isWord(version)) return [];
  // Records are about what a package was built from.
  const origin = fields.get('origin');
  return [{ ecosystem: 'Alpine', names: isWord(origin) ? [origin, name] : [name], version }];
});
