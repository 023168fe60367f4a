// Package wire captures what two programs on this machine say to each other and
// lets tshark, which knows RTMP, tell what it was.
package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// markEvery is how often the mark is repeated that tells that capturing runs.
const markEvery = 20 * time.Millisecond

// Capture is a running capture of one TCP port on the loopback device.
//
// dumpcap tells neither when it has begun to capture nor when it has seen all.
// So marks are sent to a UDP port that is captured too: what lies between two
// marks that were seen is complete.
type Capture struct {
	port    int
	cmd     *exec.Cmd
	said    bytes.Buffer
	mark    *net.UDPConn
	reading sync.WaitGroup // read

	mu      sync.Mutex
	packets bytes.Buffer
	arrived chan struct{} // one place: more has arrived, or the end
	ended   bool
}

// Start begins to capture and returns when it does. It fails if the system
// does not allow it.
func Start(ctx context.Context, port int) (*Capture, error) {
	mark, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	c := &Capture{port: port, mark: mark, arrived: make(chan struct{}, 1)}
	_, markPort, err := net.SplitHostPort(mark.LocalAddr().String())
	if err != nil {
		return nil, err
	}
	filter := fmt.Sprintf("tcp port %d or udp port %s", port, markPort)
	c.cmd = exec.Command("dumpcap", "-q", "-B", "32", "-i", "lo", "-f", filter, "-w", "-")
	c.cmd.Stderr = &c.said
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	c.reading.Go(func() { c.read(out) })
	if err := c.until(ctx, "capturing has begun"); err != nil {
		_, _ = c.end()
		return nil, err
	}
	return c, nil
}

// read collects what dumpcap writes, until dumpcap ends.
func (c *Capture) read(out io.Reader) {
	piece := make([]byte, 64<<10)
	for {
		n, err := out.Read(piece)
		c.mu.Lock()
		c.packets.Write(piece[:n])
		c.ended = err != nil
		c.mu.Unlock()
		select {
		case c.arrived <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// until sends the mark again and again until it has been captured.
func (c *Capture) until(ctx context.Context, mark string) error {
	again := time.NewTicker(markEvery)
	defer again.Stop()
	for {
		if _, err := c.mark.WriteTo([]byte(mark), c.mark.LocalAddr()); err != nil {
			return err
		}
		c.mu.Lock()
		seen, ended := bytes.Contains(c.packets.Bytes(), []byte(mark)), c.ended
		c.mu.Unlock()
		if seen {
			return nil
		}
		if ended {
			c.reading.Wait()
			return fmt.Errorf("dumpcap ended: %w: %s", c.cmd.Wait(), &c.said)
		}
		select {
		case <-again.C:
		case <-c.arrived:
		case <-ctx.Done():
			return fmt.Errorf("dumpcap does not capture: %w: %s", context.Cause(ctx), &c.said)
		}
	}
}

// Stop ends the capture when everything sent before has been seen, and writes
// it to a file.
func (c *Capture) Stop(ctx context.Context, path string) error {
	if err := c.until(ctx, "capturing may end"); err != nil {
		_, _ = c.end()
		return err
	}
	packets, err := c.end()
	if err != nil {
		return err
	}
	return os.WriteFile(path, packets, 0o600)
}

// end ends dumpcap and returns what it captured.
func (c *Capture) end() ([]byte, error) {
	defer c.mark.Close()
	if err := c.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return nil, err
	}
	c.reading.Wait()
	if err := c.cmd.Wait(); err != nil {
		return nil, fmt.Errorf("dumpcap: %w: %s", err, &c.said)
	}
	return c.packets.Bytes(), nil
}
