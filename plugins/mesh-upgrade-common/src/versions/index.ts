export * from './IstioVersion';
