import { isWord, ofText } from '../component';
import { fieldsOf } from './fields';

/** The core metadata of wheels, eggs and source distributions (packaging.python.org, "Core metadata specifications"). */
export const python = ofText(/\.dist-info\/METADATA$|(^|\/)PKG-INFO$|\.egg-info$/, (text) => {
  const fields = fieldsOf(text);
  const [name, version] = [fields.get('name'), fields.get('version')];
  return isWord(name) && isWord(version) ? [{ ecosystem: 'PyPI', names: [name], version }] : [];
});
