package interop

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/corpus"
	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/publisher"
	"rtmpwriter/interop/server"
)

var update = flag.Bool("update", false, "write ../docs/interop.md from this run")

// patience bounds one publish with all that belongs to it.
const patience = time.Minute

// lacking collects what could not be tested.
var lacking struct {
	sync.Mutex
	tools []string
}

func TestMain(m *testing.M) {
	if role := os.Getenv(peerRole); role != "" {
		os.Exit(beThePeer(role))
	}
	flag.Parse()
	code := m.Run()
	for _, tool := range lacking.tools {
		fmt.Println("SKIPPED, because something is missing:", tool)
		warn("SKIPPED: " + tool)
	}
	os.Exit(code)
}

// warn puts a line into the table of results that a run of all steps ends with.
func warn(line string) {
	if f, err := os.OpenFile(os.Getenv("STEP_WARNINGS"), os.O_APPEND|os.O_WRONLY, 0); err == nil {
		fmt.Fprintln(f, line)
		_ = f.Close()
	}
}

// has tells whether a test can go on. A missing tool is a failure in CI.
func has(t *testing.T, missing error) bool {
	t.Helper()
	if missing == nil {
		return true
	}
	lack(t, missing)
	if os.Getenv("CI") == "true" {
		require.NoError(t, missing, "a missing tool is a failure in CI")
	}
	return false
}

// lack notes what could not be tested, for the end of the run.
func lack(t *testing.T, missing error) {
	lacking.Lock()
	defer lacking.Unlock()
	lacking.tools = append(lacking.tools, fmt.Sprintf("%s: %v", t.Name(), missing))
}

// bounded is a context for one publish.
func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// theClips are the corpus's files by name, made once.
var theClips = sync.OnceValues(func() (map[string]string, error) {
	dir, err := corpus.Dir()
	if err != nil {
		return nil, err
	}
	return corpus.Build(context.Background(), dir)
})

func clips(t *testing.T) map[string]string {
	t.Helper()
	files, err := theClips()
	require.NoError(t, err)
	return files
}

// program is the publisher under test.
func program(t *testing.T) *publisher.Publisher {
	t.Helper()
	p, err := publisher.Find(t.Context(), t.TempDir())
	require.NoError(t, err)
	return p
}

// deliver publishes a file to a server and reads what it recorded.
func deliver(t *testing.T, s server.Server, p *publisher.Publisher, key, file string) (*elementary.File, *server.Reception) {
	t.Helper()
	ctx := bounded(t)
	reception, err := s.Expect(ctx, key)
	require.NoError(t, err)
	require.NoError(t, p.Publish(ctx, file, reception.URL))
	path, err := reception.Wait(ctx)
	require.NoError(t, err)
	got, err := elementary.Read(ctx, path)
	require.NoError(t, err)
	return got, reception
}

// kinds are the servers with these names.
func kinds(t *testing.T, names ...string) []server.Kind {
	t.Helper()
	found, err := server.ByName(names...)
	require.NoError(t, err)
	return found
}

// launched starts a server that ends with the test.
func launched(t *testing.T, kind server.Kind) server.Server {
	t.Helper()
	s, err := kind.Launch(t.Context(), t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}
