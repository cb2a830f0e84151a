// Command lawgatecheck checks a tiled log with the Go team's own note and tlog packages and nothing of Lawgate's:
// the log's signature, the root over the tiles, and that every entry of the bundles is included. With "roots" it prints the root of
// the tree over the first 0, 1, 2, … entries of a file instead.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"lawgatecheck/note"
	"lawgatecheck/tlog"
)

const bundleWidth = 256

func main() {
	if len(os.Args) == 3 && os.Args[1] == "roots" {
		if err := roots(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "REFUSED:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: lawgatecheck LOGDIR VKEY")
		os.Exit(2)
	}
	tree, err := check(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "REFUSED:", err)
		os.Exit(1)
	}
	// The caller demands this line: an exit code alone is not trusted.
	fmt.Printf("VERIFIED %d %s\n", tree.N, tree.Hash)
}

func check(dir, vkey string) (tlog.Tree, error) {
	tree, err := head(dir, vkey)
	if err != nil {
		return tree, err
	}
	hashes := tlog.TileHashReader(tree, tiles{dir})
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return tree, err
	}
	if root != tree.Hash {
		return tree, fmt.Errorf("root mismatch")
	}
	for start := int64(0); start < tree.N; start += bundleWidth {
		if err := bundle(dir, tree, hashes, start); err != nil {
			return tree, err
		}
	}
	return tree, nil
}

// roots reads entries, each after its length in two bytes, and hands each to tlog's own appending.
func roots(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n := int64(0); ; n++ {
		root, err := tlog.TreeHash(n, reader)
		if err != nil {
			return err
		}
		fmt.Println(root)
		if len(raw) == 0 {
			return nil
		}
		if len(raw) < 2 || len(raw) < 2+int(binary.BigEndian.Uint16(raw)) {
			return fmt.Errorf("entry %d ends early", n)
		}
		length := 2 + int(binary.BigEndian.Uint16(raw))
		hashes, err := tlog.StoredHashes(n, raw[2:length], reader)
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
		raw = raw[length:]
	}
}

func head(dir, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	raw, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return tree, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 {
		return tree, fmt.Errorf("malformed size")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, fmt.Errorf("malformed root")
	}
	tree.N = size
	copy(tree.Hash[:], root)
	return tree, nil
}

func bundle(dir string, tree tlog.Tree, hashes tlog.HashReader, start int64) error {
	width := min(bundleWidth, tree.N-start)
	tile := tlog.Tile{H: 8, L: -1, N: start / bundleWidth, W: int(width)}
	raw, err := os.ReadFile(filepath.Join(dir, place(tile)))
	if err != nil {
		return err
	}
	// The tile's hashes, which tlog authenticates up to the root; and for one entry of each bundle a proof, made and checked.
	indexes := make([]int64, width)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
	}
	proved, err := hashes.ReadHashes(indexes)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveRecord(tree.N, start, hashes)
	if err != nil {
		return fmt.Errorf("entry %d: %w", start, err)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, start, proved[0]); err != nil {
		return fmt.Errorf("entry %d: %w", start, err)
	}
	for i, hash := range proved {
		if len(raw) < 2 || len(raw) < 2+int(binary.BigEndian.Uint16(raw)) {
			return fmt.Errorf("entry %d: the bundle ends early", start+int64(i))
		}
		length := 2 + int(binary.BigEndian.Uint16(raw))
		if tlog.RecordHash(raw[2:length]) != hash {
			return fmt.Errorf("entry %d does not hash to its tile", start+int64(i))
		}
		raw = raw[length:]
	}
	if len(raw) > 0 {
		return fmt.Errorf("the bundle at %d holds more than its entries", start)
	}
	return nil
}

// tiles reads a folder in C2SP's layout, which has no height in its paths and says "entries" for data.
type tiles struct{ dir string }

func (t tiles) Height() int                         { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		raw, err := os.ReadFile(filepath.Join(t.dir, place(tile)))
		if err != nil {
			return nil, err
		}
		found[i] = raw
	}
	return found, nil
}

func place(tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return filepath.FromSlash(strings.Replace(path, "tile/data/", "tile/entries/", 1))
}
