/** Style sheets; the bundler takes them out of the script. */
declare module '*.css';
