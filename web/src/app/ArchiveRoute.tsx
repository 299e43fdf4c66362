export default function ArchiveRoute({ path }: { path: string }) {
  return <main className="main" id="main" data-path={path} />;
}
