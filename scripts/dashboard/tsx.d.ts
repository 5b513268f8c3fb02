// To import it is all: from then on JSX is read.
declare module 'tsx'
