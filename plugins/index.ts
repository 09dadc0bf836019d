import clamav from './clamav';
import command from './command';
import hashes from './hashes';
import sensitiveData from './sensitive-data';
import vulnerabilities from './vulnerabilities';
import yara from './yara';

/** The engines inside the binary. One folder each; one line here. */
export const builtIn = [yara, hashes, clamav, command, sensitiveData, vulnerabilities];
