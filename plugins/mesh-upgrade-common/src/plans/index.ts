export * from './planToMarkdown';
