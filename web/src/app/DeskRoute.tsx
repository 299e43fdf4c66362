export default function DeskRoute({ path }: { path: string }) {
  return <main className="main" id="main" data-path={path} />;
}
