package soak

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// sample is what the process holds at one moment.
type sample struct {
	At         time.Duration
	Heap       int64 // bytes after a collection
	Goroutines int
	Files      int // open ones and sockets; 0 where the system does not tell
}

func take(at time.Duration) sample {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := sample{At: at, Heap: int64(m.HeapAlloc), Goroutines: runtime.NumGoroutine()}
	s.Files = len(openFiles())
	return s
}

// openFiles names the open files and sockets, where the system tells, but for
// those that the runtime opens for itself, the first time that it needs them.
func openFiles() (names []string) {
	const folder = "/proc/self/fd"
	list, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, entry := range list {
		if name, _ := os.Readlink(filepath.Join(folder, entry.Name())); !strings.HasPrefix(name, "anon_inode:") {
			names = append(names, name)
		}
	}
	return names
}

// record takes a sample a second until done is closed.
func record(done <-chan struct{}, room int) []sample {
	all := make([]sample, 0, room)
	began := time.Now()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			all = append(all, take(now.Sub(began)))
		case <-done:
			return all
		}
	}
}

// curve is one of the things that must stay flat.
type curve struct {
	name, unit, color string
	value             func(sample) int64
	// margin is how much higher the median of the last third may be than that of
	// the first: a tenth, and this. The heap holds what an outage holds up at the
	// moment; a leak of one packet a reconnect would be far above it in half an hour.
	margin int64
}

var curves = []curve{
	{"heap after a collection", "KiB", "#16c", func(s sample) int64 { return s.Heap >> 10 }, 1024},
	{"goroutines", "", "#2a2", func(s sample) int64 { return int64(s.Goroutines) }, 6},
	{"open files and sockets", "", "#c55", func(s sample) int64 { return int64(s.Files) }, 6},
}

// settling is how long pools and buffers fill: a server that acknowledges nothing
// has a minute of its stream held.
const settling = time.Minute

// thirds are the medians of the first and the last third, of what comes after
// settling where there is that much.
func (c curve) thirds(all []sample) (first, last int64) {
	if at := slices.IndexFunc(all, func(s sample) bool { return s.At > settling }); at >= 0 && len(all)-at >= 60 {
		all = all[at:]
	}
	third := len(all) / 3
	return c.median(all[:third]), c.median(all[len(all)-third:])
}

func (c curve) median(all []sample) int64 {
	values := make([]int64, len(all))
	for i, s := range all {
		values[i] = c.value(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// highest is the greatest value.
func (c curve) highest(all []sample) int64 {
	most := int64(0)
	for _, s := range all {
		most = max(most, c.value(s))
	}
	return most
}
