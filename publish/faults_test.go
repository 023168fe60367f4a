package publish_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// fault is a row of the table in docs/reliability.md: harm of one kind, and what
// must come of it.
type fault struct {
	// what happens, in the words of the page.
	what string
	// error is one of faultErrors; empty where the stream must not notice.
	error string
	// words are in the error's text.
	words string
	// within is the bound on noticing, from the harm on.
	within time.Duration
	// final faults are not tried again.
	final bool
	// over tells that it is not tried again since all was sent, and a server that
	// has it all and keeps the socket looks the same from here.
	over bool
	// change is made to the options.
	change func(*publish.Options)
	// trust has the authorities that the publisher trusts; nil: none.
	trust *identity
	harms []harm
}

// harm is one way in which a fault happens.
type harm struct {
	name   string
	script rtmptest.Script
	// dial gives the connection instead of the script's server.
	dial func(ctx context.Context) (net.Conn, error)
	// wrap stands between the publisher and the script's server.
	wrap func(net.Conn, *rtmptest.Session) net.Conn
	// good is the server that there is when the harm is over.
	good rtmptest.Script
}

// faultError is what an error must be for a program, and for the command line.
type faultError struct {
	page string // as the page names it
	exit int    // of the command line
	is   func(error) bool
}

var faultErrors = map[string]faultError{
	"time":     {"`os.ErrDeadlineExceeded`", 4, func(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }},
	"lost":     {"`io.EOF`, or the system's error", 4, isLost},
	"protocol": {"`*rtmp.ProtocolError`", 4, is[*rtmp.ProtocolError]},
	"refused":  {"`*rtmp.StatusError`, the server's words", 5, is[*rtmp.StatusError]},
	"name":     {"`*net.DNSError`", 4, is[*net.DNSError]},
	"record":   {"`*net.OpError`, of crypto/tls", 4, is[*net.OpError]},
	"tls":      {"`*rtmp.TLSError`", 4, is[*rtmp.TLSError]},
	"broken":   {"`*rtmp.ProtocolError`, or a bound on time", 4, func(err error) bool { return is[*rtmp.ProtocolError](err) || errors.Is(err, os.ErrDeadlineExceeded) }},
}

func is[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}

func isLost(err error) bool {
	var number syscall.Errno
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &number)
}

// faultChapters are the table, as the page has it.
func faultChapters() []struct {
	heading string
	faults  []fault
} {
	return []struct {
		heading string
		faults  []fault
	}{
		{"Before there is a server", reachFaults()},
		{"While connecting", connectFaults()},
		{"Enemies", enemyFaults()},
		{"While publishing", streamFaults()},
		{"At the end of the stream", endFaults()},
		{"What a stream must bear", harmless()},
	}
}

// TestFaults does every harm to a publisher without reconnecting, and to one that
// reconnects: it ends, or goes on, as the page says, within the bound, gives every
// packet back once, and leaves neither goroutines nor memory.
func TestFaults(t *testing.T) {
	for _, chapter := range faultChapters() {
		for _, f := range chapter.faults {
			t.Run(f.what, func(t *testing.T) {
				before := heap()
				for _, h := range f.harms {
					for name, again := range map[string]bool{"once": false, "again": true} {
						t.Run(h.name+" "+name, func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) { f.happens(t, h, again) })
						})
					}
				}
				require.Less(t, heap(), before+16<<20, "bytes left of %d streams", 2*len(f.harms))
			})
		}
	}
}

// heap is what is in use after a collection, in bytes.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

const faultSeconds = 4

// happens does harm to one stream.
func (f fault) happens(t *testing.T, h harm, again bool) {
	t.Helper()
	s, v := f.start(t, h, again)
	states := s.states()
	s.run(t)
	cam := &camera{s: s, own: true}
	wrote := cam.run(faultSeconds * time.Second)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = s.Shutdown(ctx)
	err := <-s.ended
	v.close()
	for i, o := range cam.owners {
		require.EqualValues(t, 1, o.released.Load(), "packet %d of %d", i, len(cam.owners))
	}
	list := states()
	switch {
	case f.error == "":
		require.NoError(t, err)
		require.NoError(t, wrote)
		require.Zero(t, s.Stats().Reconnects)
	case again && !f.final && !f.over && !(f.error == "broken" && err != nil):
		require.NoError(t, err)
		require.NoError(t, wrote)
		f.judge(t, v, first(list, publish.Reconnecting))
	default:
		f.judge(t, v, list[len(list)-1])
		require.ErrorIs(t, err, list[len(list)-1].Err)
		require.Equal(t, publish.Disconnected, s.Status().State)
		require.Empty(t, v.sessionsOfGood, "not tried again")
		return
	}
	twice := union(t, append(v.sessions, v.sessionsOfGood...), faultSeconds*time.Second)
	require.LessOrEqual(t, twice, s.Stats().FramesResent, "what came twice is told")
}

// first is the first of the changes to a state.
func first(list []publish.Status, state publish.State) publish.Status {
	for _, status := range list {
		if status.State == state {
			return status
		}
	}
	return publish.Status{}
}

// judge looks at the change of state that the fault led to.
func (f fault) judge(t *testing.T, v *victim, told publish.Status) {
	t.Helper()
	require.Error(t, told.Err)
	require.True(t, faultErrors[f.error].is(told.Err), "%T: %v", told.Err, told.Err)
	require.True(t, is[*rtmp.OpError](told.Err), "it names the step and the server")
	require.Contains(t, told.Err.Error(), f.words)
	require.NotContains(t, told.Err.Error(), "s3cret")
	require.LessOrEqual(t, told.Time.Sub(v.struck()), f.within, told.Err)
	if f.error == "broken" {
		require.Equal(t, is[*rtmp.ProtocolError](told.Err), !publish.Retryable(told.Err), told.Err)
		return
	}
	require.Equal(t, f.final, !publish.Retryable(told.Err), told.Err)
}

// faultTable is the table as the page has it.
func faultTable() string {
	var b strings.Builder
	for _, chapter := range faultChapters() {
		fmt.Fprintf(&b, "\n### %s\n\n", chapter.heading)
		if chapter.heading == harmlessHeading {
			for _, f := range chapter.faults {
				fmt.Fprintf(&b, "- %s\n", f.what)
			}
			continue
		}
		fmt.Fprint(&b, "| what happens | the error says | and is | within | exit code | reconnecting |\n|---|---|---|---|---|---|\n")
		for _, f := range chapter.faults {
			outcome := "goes on, nothing lost"
			switch {
			case f.final:
				outcome = "ends likewise: it is not tried again"
			case f.over:
				outcome = "ends likewise: the end of the stream may not have arrived"
			case f.error == "broken":
				outcome = "ends where the protocol was broken, goes on otherwise"
			}
			within := f.within.String()
			if f.within == 0 {
				within = "at once"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %d | %s |\n", f.what, f.words, faultErrors[f.error].page, within, faultErrors[f.error].exit, outcome)
		}
	}
	return b.String()
}

const harmlessHeading = "What a stream must bear"

// TestFaultPage: the page's table is this one.
func TestFaultPage(t *testing.T) {
	const (
		page       = "../docs/reliability.md"
		begin, end = "<!-- faults: written by go test ./publish -run FaultPage -update -->\n", "<!-- end of faults -->\n"
	)
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found)
	wanted := before + begin + faultTable() + "\n" + end + after
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(wanted), 0o600))
		return
	}
	require.Equal(t, wanted, string(text), "%s is not current; run: make reliability", page)
}
