export default () => ({ routes: [] });
