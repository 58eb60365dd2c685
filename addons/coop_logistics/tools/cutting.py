# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Cutting a wheel of cheese, a side of ham or a slab of butter into what was ordered.

Plain Python, no database. Weights are whole grams: what a scale shows, and nothing to
round. The problem is bin packing, which is NP-hard; best fit decreasing never needs
more than 11/9 of the fewest blocks, plus one (Dósa, Li, Han, Tuza, 2013, for first
fit decreasing, which is tried too: the better of the two is kept).
"""

from collections import namedtuple

#: ``key``: anything that says whose piece it is; ``weight`` in grams.
Piece = namedtuple("Piece", "key weight")
#: ``weight`` of the block before it is cut; ``rest`` what no piece takes.
Block = namedtuple("Block", "weight pieces rest")


def split_large(pieces, block_weight):
    """Pieces heavier than a block are several pieces of the same member.

    >>> split_large([Piece("Ana", 2500)], 1000)
    [Piece(key='Ana', weight=1000), Piece(key='Ana', weight=1000), Piece(key='Ana', \
weight=500)]
    """
    result = []
    for piece in pieces:
        whole, rest = divmod(piece.weight, block_weight)
        result += [Piece(piece.key, block_weight)] * whole
        if rest:
            result.append(Piece(piece.key, rest))
    return result


def fewest_blocks(pieces, block_weight):
    """No plan needs fewer blocks than this.

    By weight; and no two pieces heavier than half a block share one.

    >>> fewest_blocks([Piece("Ana", 600), Piece("Bob", 600)], 1000)
    2
    """
    total = sum(piece.weight for piece in pieces)
    large = sum(1 for piece in pieces if 2 * piece.weight > block_weight)
    return max(-(-total // block_weight), large)


def plan_cuts(pieces, block_weight, known_blocks=()):
    """Which piece comes out of which block.

    :param pieces: :class:`Piece` each, positive
    :param block_weight: grams of a block as it is usually delivered
    :param known_blocks: grams of the blocks that were weighed already, used first
    :return: list of :class:`Block` that are cut; pieces of a block heaviest first, as
        they are cut
    :raise ValueError: a weight that is not positive

    >>> pieces = [Piece("A", 600), Piece("B", 500), Piece("C", 400)]
    >>> for block in plan_cuts(pieces, 1000):
    ...     print([piece.key for piece in block.pieces], block.rest)
    ['A', 'C'] 0
    ['B'] 500
    """
    if block_weight <= 0 or any(piece.weight <= 0 for piece in pieces):
        raise ValueError("Weights are above zero.")
    if any(weight <= 0 for weight in known_blocks):
        raise ValueError("Weights are above zero.")
    pieces = split_large(pieces, block_weight)
    # Pieces of a weight keep their order: those of a member come one after the other.
    pieces = sorted(pieces, key=lambda piece: -piece.weight)
    plans = [_fit(pieces, block_weight, known_blocks, best) for best in (True, False)]
    # As few blocks as possible; then the rest in one piece, which is easier to sell.
    return min(
        plans,
        key=lambda blocks: (len(blocks), -max((b.rest for b in blocks), default=0)),
    )


def _fit(pieces, block_weight, known_blocks, best):
    """Put each piece into an open block: the fullest that takes it, or the first."""
    weights = list(known_blocks)
    rooms = list(known_blocks)
    contents = [[] for _weight in known_blocks]
    for piece in pieces:
        fitting = [i for i, room in enumerate(rooms) if room >= piece.weight]
        if fitting:
            index = min(fitting, key=lambda i: (rooms[i], i)) if best else fitting[0]
        else:
            index = len(rooms)
            weights.append(block_weight)
            rooms.append(block_weight)
            contents.append([])
        rooms[index] -= piece.weight
        contents[index].append(piece)
    return [
        Block(weight, tuple(content), room)
        for weight, content, room in zip(weights, contents, rooms, strict=True)
        if content
    ]
