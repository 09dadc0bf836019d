export { printable, safe } from '../core/printable';
