package soak

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	filmed      = flag.Duration("filmed", 4*time.Second, "how long the publishers of the soak film")
	picturePath = flag.String("picture", "", "write the curves of the soak to this file")
)

// shortest is how long a run must be for its thirds to be compared.
const shortest = settling + time.Minute

// TestSoak publishes several streams at once through proxies that do harm every
// few seconds: no stream loses a frame that it should not, and neither heap nor
// goroutines nor open files grow.
func TestSoak(t *testing.T) {
	d := *filmed
	began := time.Now()
	before := take(0)
	var sources []*source
	for i, k := range kinds() {
		sources = append(sources, newSource(t, k, i, d))
	}
	done := make(chan struct{})
	var samples []sample
	var watching, filming sync.WaitGroup
	watching.Go(func() { samples = record(done, int(d/time.Second)+60) })
	errs := make([]error, len(sources))
	for i, s := range sources {
		filming.Go(func() { errs[i] = s.film(d) })
	}
	filming.Wait()
	close(done)
	watching.Wait()
	// The last seconds are calm: that a stream whose end is cut off may not have
	// arrived is no news.
	for i, s := range sources {
		s.proxy.soothe()
		filming.Go(func() { errs[i] = errors.Join(errs[i], s.film(3*time.Second)) })
	}
	filming.Wait()
	for i, s := range sources {
		require.NoError(t, errs[i], s.name)
		s.finish(t)
	}
	title := fmt.Sprintf("%v of harm to %d publishers, %s, %s/%s, %d cores", d, len(sources), began.UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	tell(t, title, sources, samples)
	if *picturePath != "" {
		require.NoError(t, os.WriteFile(*picturePath, drawn(title, samples), 0o600))
	}
	for _, s := range sources {
		s.judge(t)
	}
	after := take(time.Since(began))
	require.LessOrEqual(t, after.Files, before.Files+1, "open files at the end: %v", openFiles())
	require.LessOrEqual(t, after.Goroutines, before.Goroutines+1, "goroutines at the end")
	if d < shortest {
		return
	}
	require.Positive(t, sources[0].onDisk, "the spool was of use")
	for _, c := range curves {
		first, last := c.thirds(samples)
		require.True(t, c.isFlat(samples), "%s: median of the first third %d, of the last %d", c.name, first, last)
	}
}

// isFlat tells that the median of the last third is not above that of the first
// by more than a tenth and the margin.
func (c curve) isFlat(all []sample) bool {
	first, last := c.thirds(all)
	return last <= first+first/10+c.margin
}

// tell logs what was done to whom, and what it came to.
func tell(t *testing.T, title string, sources []*source, samples []sample) {
	t.Helper()
	t.Log(title)
	for _, s := range sources {
		text := fmt.Sprintf("%s: %d refusals", s.name, s.proxy.refusals.Load())
		for i, name := range harmNames {
			text += fmt.Sprintf(", %d %s", s.proxy.count[i].Load(), name)
		}
		t.Log(text)
	}
	for _, c := range curves {
		first, last := c.thirds(samples)
		t.Logf("%s: median of the first third %d, of the last %d, highest %d %s", c.name, first, last, c.highest(samples), c.unit)
	}
}
